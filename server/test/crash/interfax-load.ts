import { expect } from 'vitest';
import { account } from '../server-process.js';
import { type Answer, type Asking, Lost, untilAnswered } from './ask.js';
import { restCall, soapCall, textIn } from './interfax-words.js';
import type { Random } from './power.js';
import { between, contentOf, type Finished, type Gate, type Load, type Site } from './site.js';

/** A document under way, as its client knows it. */
interface Underway {
  readonly path: string;
  readonly content: Buffer;
  /** Bytes in chunks that the server said it has. */
  acked: number;
  /** Where the chunk ends whose answer is not known. */
  sent: number;
  /** It was asked to be faxed. */
  faxing: boolean;
}

const day = 24 * 60 * 60 * 1000;
const number = '+44 20 7946 0123';

/** Faxes of documents that come in chunks, by REST, or by SOAP, which has no question for how far it is. None is due before all is over. */
export const interfaxClient = (site: Site, random: Random, client: string): Load => {
  const faxes: Finished[] = [];
  let underway: Underway | null = null;
  const authorization = `Basic ${Buffer.from(`${account.login}:${account.password}`).toString('base64')}`;
  const postponed = new Date(Date.now() + day).toISOString();

  const rest = (method: string, path: string, more: { headers?: Record<string, string>; body?: Uint8Array } = {}) =>
    restCall(method, path, { authorization, ...more.headers }, more.body);
  const answerTo = (asking: Asking): Promise<Answer> => untilAnswered(() => site.ask(asking));
  const who = { Username: account.login, Password: account.password };
  const soap = async (operation: string, parameters: Parameters<typeof soapCall>[1]): Promise<string> => {
    const { status, body } = await site.ask(soapCall(operation, parameters));
    expect(status, body.toString()).toBe(200);
    return body.toString();
  };
  const numberOf = async (operation: string, parameters: Parameters<typeof soapCall>[1]): Promise<number> =>
    Number(textIn(await soap(operation, parameters), `${operation}Result`));

  /** The faxes of a name: one at most, however often it was asked for. */
  const findFax = async (name: string): Promise<number | undefined> => {
    const { status, body } = await answerTo(rest('GET', `/outbound/search?reference=${name}`));
    expect(status).toBe(200);
    const found = JSON.parse(body.toString()) as { id: number }[];
    expect(found.length).toBeLessThan(2);
    return found[0]?.id;
  };

  /** All that was acknowledged is there, and each chunk wholly or not at all; a document that was asked to be faxed may be gone. */
  const look = async (upload: Underway, at: Pick<Site, 'ask'> = site): Promise<void> => {
    const { status, body } = await at.ask(rest('GET', upload.path));
    if (status === 404 && upload.faxing) return;
    expect(status, body.toString()).toBe(200);
    const { uploaded } = JSON.parse(body.toString());
    expect([upload.acked, upload.sent]).toContain(uploaded);
    upload.acked = uploaded;
  };

  const sendNext = async (upload: Underway, length: number): Promise<void> => {
    const { content, path, acked } = upload;
    const body = content.subarray(acked, acked + length);
    upload.sent = acked + body.length;
    const headers = { range: `bytes=${acked}-${upload.sent - 1}` };
    try {
      const { status } = await site.ask(rest('POST', path, { headers, body }));
      expect(status).toBe(upload.sent === content.length ? 200 : 202);
      upload.acked = upload.sent;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      await untilAnswered(() => look(upload));
    }
  };

  const byRest = async (name: string, content: Buffer): Promise<void> => {
    // A lost answer leaves a document that nobody ever sends to.
    const { headers } = await answerTo(rest('POST', `/outbound/documents?size=${content.length}&name=${name}.txt`));
    const path = new URL(headers.location ?? '').pathname;
    const mine: Underway = { path, content, acked: 0, sent: 0, faxing: false };
    underway = mine;
    while (mine.acked < content.length) await sendNext(mine, between(random, 20_000, 90_000));
    mine.faxing = true;
    const query = new URLSearchParams({ faxNumber: number, reference: name, postponeTime: postponed });
    const asking = rest('POST', `/outbound/faxes?${query}`, { headers: { 'content-location': path } });
    const { status } = await answerTo(asking);
    // Gone is what an earlier attempt has faxed.
    expect([201, 404]).toContain(status);
    underway = null;
    expect((await answerTo(asking)).status).toBe(404);
  };

  /** Uploads and faxes a session; false where a lost answer leaves the client without knowing what is there. */
  const bySoap = async (name: string, content: Buffer): Promise<boolean> => {
    const SessionID = textIn(await untilAnswered(() => soap('StartFileUpload', who)), 'SessionID');
    const fax = () =>
      numberOf('SendfaxEx_2', {
        ...who,
        FaxNumbers: number,
        FileTypes: 'TXT',
        FileSizes: `${content.length}/sessionID=${SessionID}`,
        Subject: name,
        Postpone: postponed,
      });
    for (let acked = 0; acked < content.length; ) {
      const end = Math.min(content.length, acked + between(random, 20_000, 90_000));
      const IsLast = end === content.length;
      const Chunk = content.toString('base64', acked, end);
      try {
        expect(await numberOf('UploadFileChunk', { SessionID, Chunk, IsLast })).toBe(end);
        acked = end;
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        // One more byte tells: all that was acknowledged is there, and the chunk wholly or not at all, or the session is complete.
        const total = await untilAnswered(() =>
          numberOf('UploadFileChunk', { SessionID, Chunk: 'YQ==', IsLast: false }),
        );
        if (total !== -1062) {
          const ends = [acked, end].flatMap((each) => Array.from({ length: 10 }, (_, more) => each + more + 1));
          expect(ends).toContain(total);
          return false;
        }
        expect(IsLast).toBe(true);
        acked = end;
      }
    }
    expect(await untilAnswered(fax)).toSatisfy((answer: number) => answer > 0 || answer === -1062);
    expect(await untilAnswered(fax)).toBe(-1062);
    return true;
  };

  const upload = async (name: string): Promise<void> => {
    const content = contentOf(random, between(random, 50_000, 300_000));
    if (random() < 0.5) await byRest(name, content);
    else if (!(await bySoap(name, content))) return;
    const contentId = await findFax(name);
    expect(contentId, name).toBeGreaterThan(0);
    if (contentId !== undefined) faxes.push({ upload: name, name, content, contentId });
  };

  return {
    finished: [],
    faxes,
    unsure: new Map(),
    run: async () => {
      for (let turn = 1; !site.isEnding() || faxes.length === 0; turn += 1) await upload(`${client}-${turn}`);
    },
    check: async (gate: Gate) => {
      if (underway) await look(underway, { ask: gate.askNow });
    },
  };
};

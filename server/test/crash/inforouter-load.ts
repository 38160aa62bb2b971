import { expect } from 'vitest';
import { account } from '../server-process.js';
import { type Asking, Lost, untilAnswered } from './ask.js';
import { attributesOf, formCall, hex, multipartChunk, type Said, soapChunk } from './inforouter-words.js';
import type { Random } from './power.js';
import { between, contentOf, type Finished, type Gate, type Load, type Site } from './site.js';

/** An upload under way, as its client knows it. */
interface Underway {
  readonly handler: string;
  readonly content: Buffer;
  readonly words: typeof soapChunk;
  /** Bytes in chunks that the server said it has. */
  acked: number;
  /** Where the chunk ends whose answer is not known. */
  sent: number;
  /** Where the last chunk begins, once it was sent. */
  lastFrom: number | null;
}

/** Files by infoRouter's handlers, in SOAP or as browsers do: chunks in their order, some of them damaged on their way. */
export const inforouterClient = (site: Site, random: Random, client: string): Load => {
  const finished: Finished[] = [];
  let underway: Underway | null = null;
  let ticket = '';

  const ask = async (asking: Asking, at: Pick<Site, 'ask'> = site): Promise<{ xml: string; said: Said }> => {
    const { status, body } = await at.ask(asking);
    const xml = body.toString();
    expect(status, xml).toBe(200);
    return { xml, said: attributesOf(xml) };
  };
  const call = (operation: string, parameters: Said) =>
    untilAnswered(() => ask(formCall(operation, { AuthenticationTicket: ticket, ...parameters })));

  const send = async (
    { handler, words }: Underway,
    bytes: Buffer,
    { crc = hex(bytes), last = false },
    at?: Pick<Site, 'ask'>,
  ): Promise<Said> => (await ask(words({ ticket, handler, crc, last }, bytes), at)).said;

  /** Sends the last chunk, maybe not for the first time: it is counted once, and answered with the checksum of the whole. */
  const sendLast = async (upload: Underway, from: number, at?: Pick<Site, 'ask'>): Promise<void> => {
    upload.lastFrom = from;
    const said = await send(upload, upload.content.subarray(from), { last: true }, at);
    expect(said).toEqual({ success: 'true', tryagain: 'false', filehexcrc: hex(upload.content) });
  };

  /** Asks with a chunk of no bytes how far it is: all that was acknowledged is counted, and each chunk wholly or not at all. */
  const look = async (upload: Underway, at?: Pick<Site, 'ask'>): Promise<void> => {
    const said = await send(upload, Buffer.alloc(0), {}, at);
    expect(said).toMatchObject({ success: 'true', tryagain: 'false' });
    expect([upload.acked, upload.sent]).toContain(Number(said.bytesreceived));
    upload.acked = Number(said.bytesreceived);
  };

  /** Sends the next chunk, and sees what became of it where a death hid that. */
  const sendNext = async (upload: Underway, length: number): Promise<void> => {
    const bytes = upload.content.subarray(upload.acked, upload.acked + length);
    upload.sent = upload.acked + length;
    try {
      expect(await send(upload, bytes, {})).toEqual({ success: 'true', tryagain: 'false' });
      upload.acked = upload.sent;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      await untilAnswered(() => look(upload));
    }
  };

  const sendDamaged = async (upload: Underway, last: boolean): Promise<void> => {
    const said = await send(upload, Buffer.from('damaged'), { crc: hex(upload.content), last });
    expect(said).toMatchObject({ success: 'false', tryagain: 'true' });
  };

  /** Makes the handler's bytes a document. Where the answer was lost, the handler is gone or the document is not there. */
  const finalise = async ({ handler }: Underway, Path: string): Promise<string> => {
    const { said } = await call('UploadDocumentWithHandler', { Path, UploadHandler: handler });
    if (said.success !== 'true') expect(said.error).toBe('Upload handler cannot be found.');
    const { xml, said: shown } = await call('GetDocument', { Path });
    expect(shown.success).toBe('true');
    const { DocumentID = '', VersionNumber } = attributesOf(xml, 'document');
    expect(VersionNumber).toBe('1000000');
    if (said.success === 'true') expect(said.DocumentId).toBe(DocumentID);
    return DocumentID;
  };

  const upload = async (name: string): Promise<void> => {
    const content = contentOf(random, between(random, 50_000, 300_000));
    const words = random() < 0.5 ? soapChunk : multipartChunk;
    // A lost answer leaves a handler that nobody ever sends to.
    const { UploadHandler: handler = '' } = (await call('CreateUploadHandler', { PreferedChunkSize: '0' })).said;
    const mine: Underway = { handler, content, words, acked: 0, sent: 0, lastFrom: null };
    underway = mine;
    for (const most = between(random, 30_000, 90_000); content.length - mine.acked > most; ) {
      await sendNext(mine, between(random, 20_000, most));
      if (random() < 0.1) await untilAnswered(() => sendDamaged(mine, random() < 0.5));
    }
    await untilAnswered(() => sendLast(mine, mine.acked));
    if (random() < 0.3) await untilAnswered(() => sendLast(mine, mine.acked));
    underway = null;
    const id = await finalise(mine, `/Documents/${name}`);
    const { said } = await call('UploadDocumentWithHandler', { Path: `/Documents/${name}`, UploadHandler: handler });
    expect(said.error).toBe('Upload handler cannot be found.');
    finished.push({ upload: handler.replaceAll('-', ''), name, content, contentId: Number(id) });
  };

  return {
    finished,
    unsure: new Map(),
    run: async () => {
      // A ticket outlives the server's deaths.
      ticket = (await call('AuthenticateUser', { UID: account.login, PWD: account.password })).said.ticket ?? '';
      for (let turn = 1; !site.isEnding(); turn += 1) await upload(`${client}-${turn}.bin`);
    },
    check: async (gate: Gate) => {
      if (!underway) return;
      const now = { ask: gate.askNow };
      if (underway.lastFrom === null) await look(underway, now);
      else await sendLast(underway, underway.lastFrom, now);
    },
  };
};

import { expect } from 'vitest';
import { untilAnswered } from './ask.js';
import { appendChunk, brightsignPath, envelope, getStatus, soapHeaders, textOf, withArgs } from './brightsign-words.js';
import type { Random } from './power.js';
import { between, contentOf, type Finished, type Gate, type Load, type Site, sha1 } from './site.js';

interface Chunk {
  readonly start: number;
  readonly end: number;
  acked: boolean;
}

/** An upload under way, as its client knows it. */
interface Underway {
  readonly token: string;
  readonly content: Buffer;
  readonly chunks: readonly Chunk[];
}

const cutUp = (random: Random, length: number): Chunk[] => {
  const chunks: Chunk[] = [];
  for (let start = 0; start < length; ) {
    const end = Math.min(length, start + between(random, 8_000, 90_000));
    chunks.push({ start, end, acked: false });
    start = end;
  }
  return chunks;
};

const shuffled = <T>(random: Random, items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);

/** Asks and gives the answer's XML; a fault is a failure. */
const call = async (site: Pick<Site, 'ask'>, body: string): Promise<string> => {
  const message = Buffer.from(envelope(body));
  const answer = await site.ask({ method: 'POST', path: brightsignPath, headers: soapHeaders, body: message });
  const xml = answer.body.toString();
  expect({ status: answer.status, fault: textOf(xml, 'Message') }).toEqual({ status: 200, fault: null });
  return xml;
};

/** Files by BrightSign's SOAP: chunks out of order and several at once, some with other bytes first. */
export const brightsignClient = (site: Site, random: Random, client: string): Load => {
  const finished: Finished[] = [];
  let underway: Underway | null = null;

  const sendChunk = async ({ token, content }: Underway, chunk: Chunk): Promise<void> => {
    const data = content.subarray(chunk.start, chunk.end).toString('base64');
    expect(textOf(await call(site, appendChunk(token, chunk.start, data)), 'AppendChunkResult')).toBe('true');
    chunk.acked = true;
  };

  /** Bytes that the right ones are to replace. */
  const sendWrong = ({ token, content }: Underway) =>
    call(site, appendChunk(token, between(random, 0, content.length - 40), Buffer.alloc(40).toString('base64')));

  const sendAll = async (upload: Underway): Promise<void> => {
    const left = shuffled(random, upload.chunks);
    const sender = async () => {
      for (let chunk = left.pop(); chunk; chunk = left.pop()) {
        const next = chunk;
        await untilAnswered(() => sendChunk(upload, next));
      }
    };
    await Promise.all([sender(), sender(), sender()]);
  };

  const complete = async ({ token, content }: Underway): Promise<number> => {
    const args = { UploadToken: token, SHA1Hash: sha1(content) };
    const xml = await untilAnswered(() => call(site, withArgs('CompleteFileUpload', args)));
    expect(textOf(xml, 'State')).toBe('Completed');
    return Number(textOf(xml, 'ContentId'));
  };

  const upload = async (name: string): Promise<void> => {
    const content = contentOf(random, between(random, 50_000, 500_000));
    const args = { FileName: name, FileSize: content.length };
    // A lost start leaves an upload that nobody ever sends to.
    const started = await untilAnswered(() => call(site, withArgs('StartFileUpload', args)));
    const token = textOf(started, 'UploadToken') ?? '';
    const mine: Underway = { token, content, chunks: cutUp(random, content.length) };
    if (random() < 0.3) await untilAnswered(() => sendWrong(mine));
    underway = mine;
    await sendAll(mine);
    underway = null;
    const contentId = await complete(mine);
    expect(await complete(mine)).toBe(contentId);
    finished.push({ upload: token, name, content, contentId });
  };

  return {
    finished,
    unsure: new Map(),
    run: async () => {
      for (let turn = 1; !site.isEnding(); turn += 1) await upload(`${client}-${turn}.png`);
    },
    check: async (gate: Gate) => {
      if (!underway) return;
      const { token, chunks } = underway;
      const state = textOf(await call({ ask: gate.askNow }, getStatus(token)), 'State');
      if (chunks.every(({ acked }) => acked)) expect(state).toBe('Uploaded');
      else if (chunks.some(({ acked }) => acked)) expect(['Uploading', 'Uploaded']).toContain(state);
      else expect(['Started', 'Uploading', 'Uploaded']).toContain(state);
    },
  };
};

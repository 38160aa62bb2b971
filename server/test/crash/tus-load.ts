import { expect } from 'vitest';
import { type Answer, Lost } from './ask.js';
import type { Random } from './power.js';
import { between, contentOf, type Finished, type Gate, type Load, type Site } from './site.js';

const version = { 'tus-resumable': '1.0.0' };
const chunkType = { 'content-type': 'application/offset+octet-stream' };

const nameHeader = (name: string) => ({ 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}` });

/** What `attempt` gives, tried again as often as the server dies over it. */
const untilAnswered = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }
};

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** An upload as its client knows it. */
class TusUpload {
  readonly path: string;
  readonly content: Buffer;
  readonly #site: Site;
  /** Bytes that the server said it has, and bytes that were ever handed to the network. */
  #acked = 0;
  #sent = 0;

  constructor(site: Site, location: string, content: Buffer) {
    this.#site = site;
    this.path = new URL(location, 'http://127.0.0.1').pathname;
    this.content = content;
  }

  get id(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  get isComplete(): boolean {
    return this.#acked === this.content.length;
  }

  get #authorized() {
    return { ...version, authorization: `Bearer ${this.#site.key}` };
  }

  /** Asks how far it is. */
  async look(site: Pick<Site, 'ask'> = this.#site): Promise<void> {
    const [acked, path] = [this.#acked, this.path];
    const { status, headers } = await site.ask({ method: 'HEAD', path, headers: this.#authorized });
    expect({ status, path }).toEqual({ status: 200, path });
    const offset = Number(headers['upload-offset']);
    expect(offset, `acknowledged bytes of ${path}`).toBeGreaterThanOrEqual(acked);
    expect(offset, `bytes of ${path} that were sent`).toBeLessThanOrEqual(this.#sent);
    this.#acked = Math.max(this.#acked, offset);
  }

  /** Sends the next `length` bytes, `streamed` in pieces, and goes on where a death left it. */
  async send(length: number, streamed = false): Promise<void> {
    const start = this.#acked;
    const bytes = this.content.subarray(start, start + length);
    this.#sent = Math.max(this.#sent, start + bytes.length);
    try {
      const { status, headers } = await this.#site.ask({
        method: 'PATCH',
        path: this.path,
        headers: { ...this.#authorized, ...chunkType, 'upload-offset': start, 'content-length': bytes.length },
        body: streamed ? pieces(bytes, 16_384) : bytes,
      });
      expect({ status, offset: headers['upload-offset'] }).toEqual({ status: 204, offset: `${start + bytes.length}` });
      this.#acked = start + bytes.length;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      await untilAnswered(() => this.look());
    }
  }

  /** Says the last chunk again, as a client does whose answer was lost: that must not make a second file. */
  async sayAgain(): Promise<void> {
    await untilAnswered(async () => {
      const { status } = await this.#site.ask({
        method: 'PATCH',
        path: this.path,
        headers: { ...this.#authorized, ...chunkType, 'upload-offset': this.content.length },
      });
      expect(status).toBe(204);
    });
  }
}

/** What tus clients of every kind have in common. */
const tusLoad = (upload: (name: string, work: Work) => Promise<void>, client: string, site: Site): Load => {
  const finished: Finished[] = [];
  const unsure = new Map<string, Buffer>();
  const open = new Set<TusUpload>();
  const work: Work = {
    finish: (name, { id, content }) => void finished.push({ upload: id, name, content }),
    begin: async (headers, { name, content, body, tracked = true }) => {
      for (let attempt = 1; ; attempt += 1) {
        const called = `${name}-${attempt}`;
        try {
          const answer = await site.ask({
            method: 'POST',
            path: '/files/',
            headers: { ...version, authorization: `Bearer ${site.key}`, ...nameHeader(called), ...headers },
            ...(body && { body }),
          });
          expect(answer).toMatchObject({ status: 201 });
          const begun = new TusUpload(site, answer.headers.location ?? '', content);
          if (tracked) open.add(begun);
          return { begun, called, answer };
        } catch (error) {
          if (!(error instanceof Lost)) throw error;
          unsure.set(called, content);
        }
      }
    },
    end: (upload) => void open.delete(upload),
  };
  return {
    finished,
    unsure,
    run: async () => {
      for (let turn = 1; !site.isEnding(); turn += 1) await upload(`${client}-${turn}`, work);
    },
    check: async (gate: Gate) => {
      for (const upload of open) await upload.look({ ask: gate.askNow });
    },
  };
};

interface Work {
  /** Creates an upload, again and under another name each time the answer is lost. */
  begin(
    headers: Record<string, string | number>,
    file: { name: string; content: Buffer; body?: Buffer; tracked?: boolean },
  ): Promise<{ begun: TusUpload; called: string; answer: Answer }>;
  finish(name: string, upload: TusUpload): void;
  end(upload: TusUpload): void;
}

/** Some megabytes in one streaming PATCH, or what is left of it. */
export const streamer = (site: Site, random: Random, client: string): Load =>
  tusLoad(
    async (name, work) => {
      const content = contentOf(random, between(random, 2_000_000, 6_000_000));
      const { begun, called } = await work.begin({ 'upload-length': content.length }, { name, content });
      while (!begun.isComplete) await begun.send(content.length, true);
      await begun.sayAgain();
      work.finish(called, begun);
      work.end(begun);
    },
    client,
    site,
  );

/** Chunks of some tens of kilobytes. */
export const chunker = (site: Site, random: Random, client: string): Load =>
  tusLoad(
    async (name, work) => {
      const content = contentOf(random, between(random, 50_000, 400_000));
      const { begun, called } = await work.begin({ 'upload-length': content.length }, { name, content });
      while (!begun.isComplete) await begun.send(between(random, 20_000, 90_000));
      await begun.sayAgain();
      work.finish(called, begun);
      work.end(begun);
    },
    client,
    site,
  );

/** Small files, each created with all of its bytes. */
export const smallFiles = (site: Site, random: Random, client: string): Load =>
  tusLoad(
    async (name, work) => {
      const content = contentOf(random, between(random, 0, 20_000));
      const headers = { 'upload-length': content.length, ...chunkType };
      const { begun, called, answer } = await work.begin(headers, { name, content, body: content, tracked: false });
      expect(answer.headers['upload-offset']).toBe(`${content.length}`);
      work.finish(called, begun);
    },
    client,
    site,
  );

/** Three partial uploads at once, and a final one made of them. */
export const joiner = (site: Site, random: Random, client: string): Load =>
  tusLoad(
    async (name, work) => {
      const parts = [0, 1, 2].map(() => contentOf(random, between(random, 10_000, 200_000)));
      const sendPart = async (content: Buffer, index: number): Promise<TusUpload> => {
        const headers = { 'upload-length': content.length, 'upload-concat': 'partial' };
        const { begun } = await work.begin(headers, { name: `${name}-part-${index}`, content });
        while (!begun.isComplete) await begun.send(70_000);
        return begun;
      };
      const sent = await Promise.all(parts.map(sendPart));
      const content = Buffer.concat(parts);
      const concat = { 'upload-concat': `final;${sent.map(({ path }) => path).join(' ')}` };
      const { begun, called } = await work.begin(concat, { name, content, tracked: false });
      for (const part of sent) work.end(part);
      work.finish(called, begun);
    },
    client,
    site,
  );

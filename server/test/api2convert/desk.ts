import { setTimeout as delay } from 'node:timers/promises';
import { type Conversion, ConversionFailed } from '../../src/dialects/api2convert/conversions/conversion.js';
import { mirror } from '../../src/dialects/api2convert/conversions/mirror.js';
import { api2convertWith } from '../../src/dialects/api2convert/dialect.js';
import type { Api2ConvertOptions } from '../../src/dialects/api2convert/options.js';
import { type Server, serve } from '../memory-server.js';

/** What a request was answered. `body`: JSON, or undefined where there is none. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into as clients do, without types.
  readonly body: any;
  readonly text: string;
}

/** A server and what is asked of it. */
export interface Desk {
  readonly server: Server;
  /** API keys of alice and bob. */
  readonly key: string;
  readonly bobsKey: string;
  /** Asks as alice, unless `headers` bring other credentials; `null` takes hers away. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string> | null): Promise<Told>;
  /** A job, as alice's client made it. */
  create(job?: object): Promise<Told['body']>;
  /** Uploads a small file to a job. */
  upload(job: { id: string; server: string; token: string }, name: string, content: string | Buffer): Promise<Told>;
  /** Waits until the job has this status. */
  until(id: string, status: string): Promise<Told['body']>;
  close(): Promise<void>;
}

/** Conversions for tests: what they need is here, whatever the machine has. */
export const tools = () => {
  let running = 0;
  let most = 0;
  const began: string[] = [];
  const gate: { open: () => void; opened: Promise<void> } = { open: () => undefined, opened: Promise.resolve() };
  const shut = () => {
    gate.opened = new Promise((resolve) => {
      gate.open = resolve;
    });
  };
  const plain = { optionsSchema: {}, takes: 'each', available: async () => true } as const;
  const once = new Set<string>();
  const bytes = async function* (text: string) {
    yield Buffer.from(text);
  };
  const conversions: Conversion[] = [
    mirror,
    {
      ...plain,
      category: 'test',
      target: 'gate',
      convert: async ([input], _options, work) => {
        running += 1;
        most = Math.max(most, running);
        began.push(input?.name ?? '');
        try {
          work.progress(50);
          const stopped = new Promise((_, reject) => {
            work.signal.addEventListener('abort', () => reject(work.signal.reason), { once: true });
          });
          await Promise.race([gate.opened, stopped]);
          await work.emit({ name: `${input?.name}.out`, type: 'text/plain' }, bytes('through the gate'));
        } finally {
          running -= 1;
        }
      },
    },
    {
      ...plain,
      category: 'test',
      target: 'pages',
      optionsSchema: { pages: { type: 'integer', minimum: 1, maximum: 9, default: 3 } },
      convert: async (_inputs, { pages }, work) => {
        for (let page = 1; page <= Number(pages); page += 1)
          await work.emit({ name: 'page.txt', type: 'text/plain' }, bytes(`page ${page}`));
      },
    },
    {
      ...plain,
      category: 'test',
      target: 'join',
      takes: 'all',
      convert: async (inputs, _options, work) => {
        const joined = async function* () {
          for (const input of inputs) yield* input.read();
        };
        await work.emit({ name: 'joined.txt', type: 'text/plain' }, joined());
      },
    },
    {
      ...plain,
      category: 'test',
      target: 'fail',
      convert: async (_inputs, _options, work) => {
        await work.emit({ name: 'half.txt', type: 'text/plain' }, bytes('half'));
        throw new ConversionFailed('The file is damaged.');
      },
    },
    {
      ...plain,
      category: 'test',
      target: 'stumble',
      convert: async ([input], _options, work) => {
        await work.emit({ name: 'out.txt', type: 'text/plain' }, bytes('out'));
        if (once.has(input?.id ?? '')) return;
        once.add(input?.id ?? '');
        throw new Error('a fault that passes');
      },
    },
    {
      ...plain,
      category: 'archive',
      target: 'zip',
      takes: 'all',
      convert: async (inputs, _options, work) => {
        await work.emit({ name: 'archive.zip', type: 'application/zip' }, bytes(inputs.map(({ name }) => name).join()));
      },
    },
  ];
  return { conversions, began, shut, open: () => gate.open(), most: () => most };
};

export type Tools = ReturnType<typeof tools>;

/** Opens a desk; `work`: conversions, fetches and callbacks are done. */
export const openDesk = async ({
  options = {},
  conversions = tools().conversions,
  work = true,
  prefix,
}: {
  options?: Partial<Api2ConvertOptions>;
  conversions?: readonly Conversion[];
  work?: boolean;
  prefix?: string;
} = {}): Promise<Desk> => {
  const server = await serve({
    dialect: api2convertWith(() => conversions),
    options,
    ...(prefix !== undefined && { prefix }),
  });
  const [{ secret: key }, { secret: bobsKey }] = await Promise.all([
    server.host.accounts.addKey('alice'),
    server.host.accounts.addKey('bob'),
  ]);
  if (work) server.host.jobs.start();

  const ask: Desk['ask'] = async (method, path, body, headers = {}) => {
    const isPlain = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) || body instanceof FormData;
    const answer = await fetch(path.startsWith('http') ? path : `${server.url}${prefix ?? ''}${path}`, {
      method,
      headers: { ...(headers !== null && { 'x-oc-api-key': key }), ...headers },
      ...(body !== undefined && { body: (isPlain ? body : JSON.stringify(body)) as NonNullable<RequestInit['body']> }),
      redirect: 'manual',
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };
  const desk: Desk = {
    server,
    key,
    bobsKey,
    ask,
    create: async (job = {}) => {
      const made = await ask('POST', '/v2/jobs', job);
      if (made.status !== 201) throw new Error(`no job: ${made.status} ${made.text}`);
      return made.body;
    },
    upload: (job, name, content) => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
      return ask('POST', `${job.server}/upload-file/${job.id}`, form, { 'x-oc-token': job.token });
    },
    until: async (id, status) => {
      let seen: Told | undefined;
      for (let tries = 0; tries < 1500; tries += 1) {
        seen = await ask('GET', `/v2/jobs/${id}`);
        if (seen.body?.status?.code === status) return seen.body;
        await delay(5);
      }
      throw new Error(`the job ${id} is not ${status}: ${seen?.text}`);
    },
    close: () => server.close(),
  };
  return desk;
};

/** A chunk's request: raw, or as the part `file` of a form. */
export const chunkOf = (
  bytes: Buffer,
  [start, end, total]: readonly [number, number, number],
  { uuid = 'u1', form = false, name = 'a.bin' }: { uuid?: string; form?: boolean; name?: string } = {},
): { body: Buffer | FormData; headers: Record<string, string> } => {
  const slice = bytes.subarray(start, end + 1);
  const headers = { 'x-oc-upload-uuid': uuid, 'content-range': `bytes ${start}-${end}/${total}` };
  if (!form) return { body: slice, headers: { ...headers, 'content-type': 'application/octet-stream' } };
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(slice)]), name);
  return { body, headers };
};

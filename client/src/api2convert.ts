import type { Dialect, Finished, Job, Transfer, UploadOptions, UploadState } from './dialect.js';
import { abortable, mayPass, UploadError } from './errors.js';
import { type Answer, authorization, refusal } from './http.js';
import type { Range } from './ranges.js';
import { retrying } from './retry.js';
import { sendRanges } from './send-ranges.js';
import { fingerprint } from './source.js';
import { uuid } from './uuid.js';

/**
 * What an API2Convert upload may be told. `url` is the server's base address, with or without `/v2`. `chunkSize` is 8 MiB and
 * `parallel` is 3 without them.
 */
export interface Api2ConvertOptions extends UploadOptions {
  /**
   * What to convert the file to: `webp`, or with its category `image/webp`. The upload ends when that is done, at the address of the
   * first output. Without it the file is an input of a job that waits.
   */
  readonly convert?: string;
  /** Options of that conversion. */
  readonly convertOptions?: Readonly<Record<string, unknown>>;
}

/** Where an API2Convert upload stands. */
export interface Api2ConvertState extends UploadState {
  readonly dialect: 'api2convert';
  /** The job's id. */
  readonly job: string | null;
  /** What names the upload within the job. */
  readonly uuid: string;
}

/** What is looked at of a job. */
interface JobAnswer {
  readonly id: string;
  readonly token: string;
  readonly server: string;
  readonly status: { readonly code: string };
  readonly errors: readonly { readonly message: string }[];
  readonly input: readonly { readonly id: string }[];
  readonly output: readonly { readonly uri: string }[];
}

/** What is looked at of an upload's answer. */
interface UploadAnswer {
  readonly completed?: boolean;
  readonly id: { readonly input: string };
  readonly ranges?: readonly Range[];
}

const endpointOf = (options: Api2ConvertOptions): string => {
  const url = new URL(options.url);
  if (!/\/v2\/?$/i.test(url.pathname)) url.pathname = url.pathname.replace(/\/*$/, '/v2');
  return url.href.replace(/\/$/, '');
};

const parse = <T>(answer: Answer, what: string): T => {
  try {
    return JSON.parse(answer.text) as T;
  } catch {
    throw new UploadError('refused', `${what}: no answer of API2Convert; is this the right address?`);
  }
};

const transfer = (options: Api2ConvertOptions, job: Job<Api2ConvertState>): Transfer => {
  const { source, endpoint, meter, retry } = job;
  const chunkSize = options.chunkSize ?? 8 * 1024 * 1024;
  const name = options.fileName ?? source.name ?? 'upload.bin';
  let state: Api2ConvertState = job.state ?? {
    dialect: 'api2convert',
    endpoint,
    source: fingerprint(source),
    job: null,
    uuid: uuid(),
  };
  const keep = (change: Partial<Api2ConvertState>): void => {
    state = { ...state, ...change };
    job.keep(state);
  };

  type Asked = Omit<Parameters<Job<Api2ConvertState>['send']>[0], 'headers'> & {
    readonly headers?: Record<string, string>;
  };
  const ask = async (what: string, asked: Asked): Promise<Answer> => {
    const answer = await job.send({ headers: {}, ...asked });
    if (answer.status < 300) return answer;
    const error = refusal(answer, what);
    throw new UploadError('refused', error.message, {
      status: answer.status,
      retryable: mayPass(answer.status),
      ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    });
  };
  const isMissing = (error: unknown): boolean => error instanceof UploadError && error.status === 404;

  /** The same key makes the same job, should the answer be lost. */
  const create = async (signal: AbortSignal): Promise<JobAnswer> => {
    const [target, category] = (options.convert ?? '').split('/').reverse();
    const conversion = { target, ...(category !== undefined && { category }), options: options.convertOptions ?? {} };
    const body = options.convert === undefined ? { process: false } : { conversion: [conversion] };
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': state.uuid };
    const made = await retrying(retry, signal, async () =>
      parse<JobAnswer>(
        await ask('The job could not be created', {
          method: 'POST',
          url: `${endpoint}/jobs`,
          headers,
          body: new Blob([JSON.stringify(body)]),
          signal,
        }),
        'The job could not be created',
      ),
    );
    keep({ job: made.id });
    return made;
  };

  const look = (id: string, signal: AbortSignal): Promise<JobAnswer> =>
    retrying(retry, signal, async () =>
      parse<JobAnswer>(await ask('The job', { method: 'GET', url: `${endpoint}/jobs/${id}`, signal }), 'The job'),
    );

  /** The job of this upload: as it was left, or a new one. */
  const find = async (signal: AbortSignal): Promise<JobAnswer> => {
    if (state.job === null) return create(signal);
    try {
      const found = await look(state.job, signal);
      if (found.status.code !== 'canceled') return found;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    keep({ job: null, uuid: uuid() });
    return create(signal);
  };

  const addressOf = ({ server, id }: JobAnswer): string => `${server}/upload-file/${id}`;

  /** What the server holds of the upload; nothing where it knows none. */
  const standing = async (at: JobAnswer, signal: AbortSignal): Promise<UploadAnswer | undefined> => {
    const headers = { 'X-Oc-Token': at.token, 'X-Oc-Upload-Uuid': state.uuid };
    try {
      return await retrying(retry, signal, async () =>
        parse(await ask('The upload', { method: 'GET', url: addressOf(at), headers, signal }), 'The upload'),
      );
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (!(error instanceof UploadError && error.status === 410)) throw error;
      // Somebody cancelled it on the server. Whoever goes on with it all the same begins anew.
      keep({ uuid: uuid() });
      return undefined;
    }
  };

  /** Sends bytes; without a range, as the whole file. */
  const post = async (at: JobAnswer, range: Range | null, signal: AbortSignal): Promise<UploadAnswer> => {
    const bytes = await abortable(source.bytes(...(range ?? [0, 0])), signal);
    const body = new FormData();
    body.append('file', new Blob([bytes], source.type === null ? {} : { type: source.type }), name);
    const place = range && { 'Content-Range': `bytes ${range[0]}-${range[1] - 1}/${source.size ?? 0}` };
    const headers = { 'X-Oc-Token': at.token, 'X-Oc-Upload-Uuid': state.uuid, ...place };
    return retrying(retry, signal, async () =>
      parse<UploadAnswer>(
        await ask('The bytes were not taken', { method: 'POST', url: addressOf(at), headers, body, signal }),
        'The bytes were not taken',
      ),
    );
  };

  /** Sends what the server does not hold, some of it at once; gives the input's id. */
  const sendAll = async (at: JobAnswer, run: AbortSignal): Promise<string> => {
    // A first look at a stream tells the length of a short one.
    if (source.size === null) await abortable(source.bytes(0, chunkSize), run);
    const { size } = source;
    if (size === null) throw new UploadError('refused', 'API2Convert wants the size of a file before its bytes.');
    const known = await standing(at, run);
    let input = known?.completed === true ? known.id.input : undefined;
    const told = (answer: UploadAnswer): void => {
      if (answer.completed !== false) input = answer.id.input;
    };
    const there = (known?.ranges ?? []).map(([first, end]): Range => [first, end + 1]);
    if (size === 0 && known === undefined) told(await post(at, null, run));
    await sendRanges(
      {
        source,
        size,
        chunkSize,
        parallel: options.parallel ?? 3,
        lane: meter.lane(),
        confirmed: known?.completed === true ? [[0, size]] : there,
        send: async (range, signal) => {
          told(await post(at, range, signal));
        },
      },
      run,
    );
    if (input === undefined) throw new UploadError('changed', 'The server does not hold all that it had confirmed.');
    return input;
  };

  /** Waits until the job is over: at first often, then less so. */
  const result = async (id: string, signal: AbortSignal): Promise<string | undefined> => {
    for (let wait = 250; ; wait = Math.min(5_000, wait * 1.5)) {
      const { status, errors, output } = await look(id, signal);
      if (status.code === 'completed') return output[0]?.uri;
      if (status.code === 'failed' || status.code === 'canceled')
        throw new UploadError('refused', errors[0]?.message ?? `The job is ${status.code}.`);
      await retry.sleep(wait, signal);
    }
  };

  return {
    run: async (signal): Promise<Finished> => {
      await source.unchanged();
      const at = await find(signal);
      const input = await sendAll(at, signal);
      await source.unchanged();
      const url = options.convert === undefined ? undefined : await result(at.id, signal);
      return { size: source.size ?? 0, ...(url === undefined ? { contentId: input } : { url }) };
    },
    cancel: async (signal) => {
      const { job: id } = state;
      if (id === null) return;
      await retrying({ ...retry, retries: 2 }, signal, async () => {
        try {
          await ask('The job could not be canceled', { method: 'DELETE', url: `${endpoint}/jobs/${id}`, signal });
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      });
    },
  };
};

const isState = (value: UploadState): value is Api2ConvertState => {
  const { job, uuid } = value as Partial<Api2ConvertState>;
  return (job === null || typeof job === 'string') && typeof uuid === 'string';
};

/** API2Convert: one file, its chunks in any order and side by side, and what it is converted to. */
export const api2convert: Dialect<Api2ConvertOptions, Api2ConvertState> = {
  name: 'api2convert',
  endpoint: endpointOf,
  headers: (options): Record<string, string> =>
    options.apiKey === undefined ? authorization(options) : { 'X-Oc-Api-Key': options.apiKey },
  isState,
  open: transfer,
};

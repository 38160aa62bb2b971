import type { Facts } from '../../../engine/ports.js';
import { fieldReader } from '../body.js';
import type { Parts } from '../context.js';
import { newUuid } from '../ids.js';
import type { Input, InputType, JobRecord, JsonObject, StoredFile } from '../jobs/job.js';
import { blamed } from '../jobs/life.js';
import { jobOfFile } from '../jobs/records.js';
import { fetchKind } from '../jobs/work.js';
import { safeName } from '../names.js';
import { problems } from '../problems.js';
import { isAllowed } from '../remote/hosts.js';
import { fileAway } from './filing.js';
import { namedLike, withInput } from './ready.js';

/** An input that is to be added to a job. */
export interface NewInput {
  readonly input: Input;
  /** Puts it into the job, within a transaction, together with what has it come. Refuses 400 where it cannot. */
  enter(facts: Facts, id: string, job: JobRecord): Promise<JobRecord>;
  /** Bytes that came with the request, to be stored when the job is there; null where there are none. */
  readonly content: Content | null;
}

/** What base64 holds. */
export interface Content {
  readonly bytes: Buffer;
  /** Of a data URI. */
  readonly type: string | null;
}

const types: readonly string[] = ['remote', 'base64', 'input_id', 'output', 'gdrive_picker', 'cloud'];
const isType = (word: string): word is Exclude<InputType, 'upload'> => types.includes(word);

/** Base64, bare or as a data URI; undefined for what is neither. */
export const readBase64 = (text: string): Content | undefined => {
  const uri = /^data:([^,;]*)(?:;[^,]*)?,/is.exec(text);
  if (uri && !/;base64,$/i.test(uri[0])) return undefined;
  const digits = text.slice(uri?.[0].length ?? 0).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(digits) || digits.replace(/=+$/, '').length % 4 === 1) return undefined;
  return { bytes: Buffer.from(digits, 'base64'), type: uri?.[1] || null };
};

/** The last part of a URL's path: what the file is called there. */
const nameAt = (url: string): string => {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return safeName(decodeURIComponent(last));
  } catch {
    return safeName(last);
  }
};

const entering = (input: Input): NewInput => ({
  input,
  content: null,
  enter: async (_facts, _id, job) => withInput(job, input),
});

const remote = (parts: Parts, input: Input, wish: string | undefined, path: string): NewInput => {
  const { source } = input;
  const refuse = (message: string): never => {
    throw problems.invalid({ [`${path}source`]: [message] });
  };
  if (!URL.canParse(source) || !/^https?:$/.test(new URL(source).protocol)) refuse('must be an http or https URL.');
  if (parts.options.remoteHosts.length === 0) refuse('This server fetches no remote inputs.');
  if (!isAllowed(parts.options.remoteHosts, new URL(source).hostname))
    refuse('This server does not fetch from this host.');
  const named: Input = { ...input, status: 'downloading', filename: safeName(namedLike(wish, nameAt(source))) };
  return {
    input: named,
    content: null,
    enter: async (facts, id, job) => {
      const input = { job: id, input: named.id, named: wish !== undefined };
      return withInput(job, { ...named, work: parts.host.jobs.add(facts, { kind: fetchKind, input, maxAttempts: 3 }) });
    },
  };
};

const base64 = (input: Input, wish: string | undefined, path: string): NewInput => {
  const content = readBase64(input.source);
  if (!content) throw problems.invalid({ [`${path}source`]: ['is not base64.'] });
  // Its text is as long as the file; what is kept is the name.
  const name = safeName(wish ?? 'output');
  return { ...entering({ ...input, status: 'downloading', source: name, filename: name }), content };
};

/** A file of the account that is there already: an input or an output. Its bytes are shared, and cost no room. */
const known = (parts: Parts, input: Input, wish: string | undefined, path: string): NewInput => ({
  input,
  content: null,
  enter: async (facts, id, job) => {
    const found = await jobOfFile(facts, input.source);
    const file = input.type === 'output' ? readable(found?.job, input.source) : usable(found?.job, input.source);
    if (!found || found.job.owner !== job.owner || found.job.purged || !file)
      throw problems.invalid({
        [`${path}source`]: [`There is no such ${input.type === 'output' ? 'output' : 'input'}.`],
      });
    const filename = safeName(namedLike(wish, file.filename));
    const { object, size, digests, type } = file.stored;
    const version = { object, size, digests, by: job.owner, upload: object };
    const { folder, stored } = await fileAway(parts, facts, { id, job }, { name: filename, type, version });
    return {
      ...withInput(job, { ...input, status: 'ready', filename, stored, password: input.password ?? file.password }),
      folder,
    };
  },
});

type Usable = { readonly filename: string; readonly stored: StoredFile; readonly password: string | null };

const usable = (job: JobRecord | undefined, id: string): Usable | undefined => {
  const input = job?.inputs.find((each) => each.id === id);
  return input?.stored ? { ...input, stored: input.stored } : undefined;
};

const readable = (job: JobRecord | undefined, id: string): Usable | undefined => {
  const output = job?.outputs.find((each) => each.id === id && !each.disabled);
  return output && { filename: output.filename, stored: output.stored, password: null };
};

/** An input from a cloud that nothing here is connected to: taken, and failed (specs/api2convert.md §5). */
const cloud = (input: Input): NewInput => ({
  input,
  content: null,
  enter: async (_facts, _id, job) =>
    blamed(withInput(job, { ...input, status: 'failed' }), {
      source: 'input',
      idSource: input.id,
      code: 99,
      message: `This server is not connected to ${input.source}.`,
    }),
});

/** Reads an input that is to be added to a job; refuses 400. */
export const readInput = (parts: Parts, body: JsonObject, path: string): NewInput => {
  const reader = fieldReader(body, path);
  const type = (reader.text('type') ?? 'remote').trim().toLowerCase();
  const source = reader.text('source') ?? '';
  const wish = reader.text('filename')?.trim() || undefined;
  const credentials = reader.object('credentials') ?? {};
  const [options, parameters] = [reader.object('options') ?? {}, reader.object('parameters') ?? {}];
  const engine = reader.text('engine') ?? 'auto';
  if (type === 'upload') reader.fault('type', 'An upload is added by sending the file to the job’s server.');
  else if (!isType(type)) reader.fault('type', `must be one of ${types.join(', ')}.`);
  else if (source.trim() === '') reader.fault('source', 'is required.');
  reader.judge();
  const now = parts.host.clock.now();
  const password = credentials.decrypt_password;
  const input: Input = {
    id: newUuid(parts.host.ids),
    type: isType(type) ? type : 'remote',
    status: 'ready',
    source: source.trim(),
    engine,
    options,
    parameters,
    metadata: {},
    filename: wish === undefined ? '' : safeName(wish),
    password: typeof password === 'string' && password !== '' ? password : null,
    stored: null,
    work: null,
    createdAt: now,
    modifiedAt: now,
  };
  switch (input.type) {
    case 'base64':
      return base64(input, wish, path);
    case 'input_id':
    case 'output':
      return known(parts, input, wish, path);
    case 'gdrive_picker':
    case 'cloud':
      return cloud(input);
    default:
      return remote(parts, input, wish, path);
  }
};

import type { Exchange, Reply } from '../../../http/exchange.js';
import type { Json } from '../../../kit/json.js';
import { formFields } from '../../../wire/fields/form.js';
import { fieldReader, isObject, parseJson, readText } from '../body.js';
import { newUuid } from '../ids.js';
import { readBase64 } from '../inputs/reading.js';
import { becomingInput } from '../inputs/ready.js';
import { store } from '../inputs/storing.js';
import { afterSaving } from '../jobs/change.js';
import type { JsonObject } from '../jobs/job.js';
import { getJob } from '../jobs/records.js';
import { safeName } from '../names.js';
import { problems } from '../problems.js';
import type { JobVisit } from '../visit.js';
import { needRoomFor, needTaking, uploadedInput } from './accepting.js';
import { uploaded, uploadShape } from './answers.js';

/** The fields of a small form, as an object. */
const readFields = async (exchange: Exchange, text: string): Promise<JsonObject | undefined> => {
  const source = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
  };
  const fields = formFields(exchange.headers['content-type'], source());
  if (!fields) return undefined;
  const read: { [key: string]: Json } = {};
  for await (const field of fields) {
    const pieces: Buffer[] = [];
    for await (const piece of field.value(field.name === 'content' ? 'base64' : 'text')) pieces.push(piece);
    read[field.name] = Buffer.concat(pieces).toString('utf8');
  }
  return read;
};

const isForm = (text: string): boolean => !/^\s*[[{]/.test(text);

const readFiles = async (visit: JobVisit): Promise<{ files: JsonObject[]; isList: boolean }> => {
  const text = await readText(visit);
  const body =
    (isForm(text) ? await readFields(visit.exchange, text).catch(() => undefined) : undefined) ?? parseJson(text);
  const isList = Array.isArray(body);
  const files = isList ? body : [body];
  if (files.length === 0 || !files.every(isObject))
    throw problems.bad('An object with "content", or a list of such, is wanted.');
  return { files: files.filter(isObject), isList };
};

interface NewFile {
  readonly bytes: Buffer;
  readonly name: string;
  readonly type: string | null;
  readonly options: JsonObject;
}

const readOne = (body: JsonObject, path: string): NewFile => {
  const reader = fieldReader(body, path);
  const content = readBase64(reader.text('content') ?? '');
  const name = safeName(reader.text('filename') ?? reader.text('name') ?? '');
  const options = reader.object('options') ?? {};
  if (body.content === undefined || !content) reader.fault('content', 'must be base64, or a data URI with base64.');
  reader.judge();
  return { bytes: content?.bytes ?? Buffer.alloc(0), type: content?.type ?? null, name, options };
};

/** `POST upload-base64`: one small file or several (specs/api2convert.md §9). */
export const uploadBase64 = async (visit: JobVisit): Promise<Reply> => {
  const { parts, exchange, id, job, caller } = visit;
  const { host, options } = parts;
  needTaking(job, options.maxInputs);
  const { files, isList } = await readFiles(visit);
  const read = files.map((each, index) => readOne(each, isList ? `${index}.` : ''));
  needRoomFor(job, read.length, options.maxInputs);
  if (read.length > 1 && job.process)
    throw problems.conflict('A job that starts with its first upload takes one file; create it with process false.');
  const inputs: string[] = [];
  for (const { bytes, name, type, options: own } of read) {
    const input = newUuid(host.ids);
    const body = async function* (): AsyncGenerator<Buffer> {
      yield bytes;
    };
    const finish = becomingInput(
      parts,
      id,
      { name, type },
      (_facts, _job, stored) => ({
        ...uploadedInput({ id: input, name, password: null }, stored, host.clock.now()),
        type: 'base64',
        options: own,
      }),
      (before) => needTaking(before, options.maxInputs),
    );
    await store(parts, caller.account, body(), { name, finish, gone: exchange.gone, from: exchange.remote });
    inputs.push(input);
  }
  const saved = await host.ledger.read((facts) => getJob(facts, id));
  if (saved) await afterSaving(parts, id, saved);
  const shapes = (saved?.inputs ?? []).filter((each) => inputs.includes(each.id)).map((each) => uploadShape(id, each));
  const [first] = shapes;
  if (!first) throw problems.notFound('Input');
  return uploaded(isList ? shapes : first);
};

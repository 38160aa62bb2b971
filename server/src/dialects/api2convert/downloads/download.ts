import { Refusal } from '../../../engine/refusals.js';
import type { Reply } from '../../../http/exchange.js';
import { encodeBase64 } from '../../../wire/base64/encode.js';
import { attachment } from '../../../wire/disposition/disposition.js';
import { answerDownload } from '../../../wire/ranges/download.js';
import type { JobRecord, Output } from '../jobs/job.js';
import { getJob, putJob } from '../jobs/records.js';
import { Problem, problems } from '../problems.js';
import { outputStatus } from '../shapes/output.js';
import type { Visit } from '../visit.js';
import { unlocks } from './passwords.js';

/** The output that a download names: by its file name, or by its id. */
const findOutput = ({ outputs }: JobRecord, name: string): Output | undefined =>
  outputs.find(({ filename }) => filename === name) ?? outputs.find(({ id }) => id === name.toLowerCase());

const gone = {
  disabled: 'has been removed',
  expired: 'has expired',
  overuse: 'has been downloaded too often',
} as const;

async function* asText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of encodeBase64(bytes)) yield Buffer.from(piece, 'latin1');
}

/** Counts a download; refuses 410 where there were too many by now. */
const count = async ({ parts, view }: Visit, id: string, output: Output): Promise<void> => {
  await parts.host.ledger.transact(async (facts) => {
    const job = await getJob(facts, id);
    const now = job?.outputs.find((each) => each.id === output.id);
    if (!job || !now) throw problems.notFound('File');
    const status = outputStatus(now, view);
    if (status !== 'enabled') throw problems.gone(`The file ${gone[status]}.`);
    const outputs = job.outputs.map((each) => (each === now ? { ...each, downloads: each.downloads + 1 } : each));
    putJob(facts, id, { ...job, outputs }, job);
  }, 'relaxed');
};

/**
 * `GET download-file` (specs/api2convert.md §7): an output, or a part of it, without credentials. What delivers byte 0 counts as a
 * download, a HEAD does not. Refuses 401 without its password, 404, and 410.
 */
export const download = async (visit: Visit): Promise<Reply> => {
  const { parts, exchange, view } = visit;
  const { host } = parts;
  const { params, headers, method, query } = exchange;
  const id = (params.job ?? '').toLowerCase();
  const job = await host.ledger.read((facts) => getJob(facts, id));
  const output = job && findOutput(job, params.file ?? '');
  if (!job || !output) throw problems.notFound('File');
  if (!unlocks(headers, [...job.passwords, ...output.passwords]))
    throw new Problem(401, 'The download password is missing or wrong.');
  const status = outputStatus(output, view);
  const { object, size, type, digests } = output.stored;
  const isText = query.get('encoding') === 'base64';
  const etag = `"${digests.md5 ?? digests.crc32 ?? ''}-${size}"`;
  const answer = answerDownload(isText ? {} : headers, { size, etag });
  const counts = method === 'GET' && (answer.range === null ? answer.status === 200 : answer.range.start === 0);
  // Who has begun a last download may fetch the rest of it in further ranges.
  if (status !== 'enabled' && (status !== 'overuse' || counts || method === 'HEAD'))
    throw problems.gone(`The file ${gone[status]}.`);
  if (answer.status === 416) throw new Refusal('not-satisfiable', { size });
  if (counts) await count(visit, id, output);
  const common = {
    // Older clients take the name from its quotes.
    ...attachment(output.filename),
    'cache-control': 'private, no-cache',
  };
  const bytes = answer.range === null ? undefined : host.engine.readObject(object, answer.range);
  if (isText) {
    const length = Math.ceil(size / 3) * 4;
    const about = { ...common, 'content-type': 'text/plain', 'content-length': length };
    return { status: 200, headers: about, body: bytes === undefined ? '' : asText(bytes) };
  }
  return {
    status: answer.status,
    headers: { ...answer.headers, ...common, 'content-type': type },
    body: bytes ?? '',
  };
};

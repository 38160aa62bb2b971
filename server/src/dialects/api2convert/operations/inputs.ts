import { json } from '../../../http/answers.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import { fieldReader, needObject, needObjects, readJson } from '../body.js';
import { addAll, storeContents } from '../inputs/adding.js';
import { readInput } from '../inputs/reading.js';
import { changeJob, needJob } from '../jobs/change.js';
import type { Input, JobRecord, JsonObject } from '../jobs/job.js';
import { isWaiting, takesUploads } from '../jobs/life.js';
import { many, one, oneOrMany } from '../openapi/shapes.js';
import { forJob } from '../operation.js';
import { problems } from '../problems.js';
import { inputShape } from '../shapes/input.js';
import { needRoomFor } from '../uploads/accepting.js';
import type { JobVisit } from '../visit.js';

const needWaiting = (job: JobRecord): void => {
  if (!isWaiting(job)) throw problems.conflict(`The inputs cannot be changed: the job is ${job.status}.`);
};

const needInput = (job: JobRecord, id: string | undefined): Input => {
  const input = job.inputs.find((each) => each.id === id?.toLowerCase());
  if (!input) throw problems.notFound('Input');
  return input;
};

const listInputs = forJob(
  { method: 'GET', path: '/jobs/:job/input', summary: 'The job’s inputs.', answers: { 200: many('Input') } },
  async ({ job }) => json(200, job.inputs.map(inputShape)),
);

const readOneInput = forJob(
  { method: 'GET', path: '/jobs/:job/input/:file', summary: 'One input.', answers: { 200: one('Input') } },
  async ({ job, exchange }) => json(200, inputShape(needInput(job, exchange.params.file))),
);

const addInputs = forJob(
  {
    method: 'POST',
    path: '/jobs/:job/input',
    summary: 'Adds an input, or a list of them.',
    body: oneOrMany('NewInput'),
    answers: { 201: oneOrMany('Input') },
  },
  async (visit) => {
    const { parts, id, caller } = visit;
    const said = await readJson(visit);
    const list = needObjects(said, 'input');
    if (list.length === 0) throw problems.bad('An input, or a list of them, is wanted.');
    const inputs = list.map((each, index) => readInput(parts, each, Array.isArray(said) ? `${index}.` : ''));
    await changeJob(parts, id, (job, facts) => {
      if (!takesUploads(job)) throw problems.conflict(`The job does not accept inputs: it is ${job.status}.`);
      needRoomFor(job, inputs.length, parts.options.maxInputs);
      return addAll(facts, id, job, inputs);
    });
    await storeContents(parts, caller.account, id, inputs);
    const job = await parts.host.ledger.read((facts) => needJob(facts, id));
    const shapes = inputs.map(({ input }) => inputShape(needInput(job, input.id)));
    return json(201, Array.isArray(said) ? shapes : shapes[0]);
  },
);

/** What a PATCH sets about one input. */
const patchedInput = (input: Input, body: JsonObject, now: number): Input => {
  const reader = fieldReader(body);
  const [credentials, parameters, options] = ['credentials', 'parameters', 'options'].map((name) =>
    reader.object(name),
  );
  reader.judge();
  const password = credentials?.decrypt_password;
  return {
    ...input,
    ...(typeof password === 'string' && { password: password === '' ? null : password }),
    ...(parameters && { parameters: { ...input.parameters, ...parameters } }),
    ...(options && { options: { ...input.options, ...options } }),
    modifiedAt: now,
  };
};

const change = async (
  { parts, id }: JobVisit,
  bodies: readonly { readonly file: string | undefined; readonly body: JsonObject }[],
): Promise<Input[]> => {
  const now = parts.host.clock.now();
  const job = await changeJob(parts, id, (before) => {
    for (const { file } of bodies) needInput(before, file);
    needWaiting(before);
    const inputs = before.inputs.map((input) =>
      bodies
        .filter(({ file }) => file?.toLowerCase() === input.id)
        .reduce((patched, { body }) => patchedInput(patched, body, now), input),
    );
    return { ...before, inputs };
  });
  return bodies.map(({ file }) => needInput(job, file));
};

const patchInput = forJob(
  {
    method: 'PATCH',
    path: '/jobs/:job/input/:file',
    summary: 'Changes an input before the job starts.',
    body: one('Anything'),
    answers: { 200: one('Input') },
  },
  async (visit) => {
    const body = needObject(await readJson(visit));
    const [input] = await change(visit, [{ file: visit.exchange.params.file, body }]);
    if (!input) throw problems.notFound('Input');
    return json(200, inputShape(input));
  },
);

const patchInputs = forJob(
  {
    method: 'PATCH',
    path: '/jobs/:job/input',
    summary: 'Changes several inputs, each named by its id.',
    body: many('Anything'),
    answers: { 200: many('Input') },
  },
  async (visit) => {
    const list = needObjects(await readJson(visit), 'input');
    const bodies = list.map((body) => ({ file: typeof body.id === 'string' ? body.id : undefined, body }));
    return json(200, (await change(visit, bodies)).map(inputShape));
  },
);

const deleteInput = forJob(
  {
    method: 'DELETE',
    path: '/jobs/:job/input/:file',
    summary: 'Removes an input before the job starts.',
    answers: { 204: null },
  },
  async ({ parts, exchange, id, job: known }) => {
    const { host } = parts;
    const { work } = needInput(known, exchange.params.file);
    const unused: string[] = [];
    await changeJob(parts, id, async (job, facts) => {
      const input = needInput(job, exchange.params.file);
      needWaiting(job);
      unused.length = 0;
      if (input.stored) unused.push(...(await host.catalog.removeFile(facts, input.stored.file)));
      return { ...job, inputs: job.inputs.filter((each) => each !== input) };
    });
    if (work !== null) await host.jobs.cancel(work);
    await freeUnused(host, unused);
    return { status: 204 };
  },
);

export const inputOperations = [listInputs, addInputs, patchInputs, readOneInput, patchInput, deleteInput];

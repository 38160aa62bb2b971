import { json } from '../../../http/answers.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import { fieldReader, needObject, readJson } from '../body.js';
import { isPassword, keepPassword } from '../downloads/passwords.js';
import { changeJob } from '../jobs/change.js';
import type { JobRecord, JsonObject, Output } from '../jobs/job.js';
import { freeName, safeName, splitName } from '../names.js';
import { many, one } from '../openapi/shapes.js';
import { forJob } from '../operation.js';
import { problems } from '../problems.js';
import { outputShape, outputStatus } from '../shapes/output.js';
import type { JobVisit } from '../visit.js';

const needOutput = (job: JobRecord, id: string | undefined): Output => {
  const output = job.outputs.find((each) => each.id === id?.toLowerCase());
  if (!output) throw problems.notFound('Output');
  return output;
};

const list = forJob(
  {
    method: 'GET',
    path: '/jobs/:job/output',
    summary: 'The job’s outputs.',
    query: { conversion_id: 'Only those of this conversion.', input_id: 'Only those made of this input.' },
    answers: { 200: many('Output') },
  },
  async ({ job, id, exchange: { query }, view }) => {
    const [conversion, input] = [query.get('conversion_id'), query.get('input_id')];
    const found = job.outputs.filter(
      (output) =>
        (conversion === null || output.conversion === conversion) && (input === null || output.inputs.includes(input)),
    );
    return json(
      200,
      found.map((output) => outputShape(id, output, view)),
    );
  },
);

const readOne = forJob(
  { method: 'GET', path: '/jobs/:job/output/:file', summary: 'One output.', answers: { 200: one('Output') } },
  async ({ job, id, exchange, view }) => json(200, outputShape(id, needOutput(job, exchange.params.file), view)),
);

/** What a PATCH sets about outputs: a name without its ending, a password; an empty password takes theirs away. */
const readChange = (body: JsonObject): { readonly stem?: string; readonly passwords?: readonly string[] } => {
  const reader = fieldReader(body);
  const [stem, password] = [reader.text('filename')?.trim(), reader.text('download_password')];
  if (stem === '') reader.fault('filename', 'must not be empty.');
  if (password !== undefined && !isPassword(password, 1000))
    reader.fault('download_password', 'must be at most 1000 printable ASCII characters.');
  reader.judge();
  return {
    ...(stem !== undefined && { stem }),
    ...(password !== undefined && { passwords: password === '' ? [] : [keepPassword(password)] }),
  };
};

const change = async (visit: JobVisit, file?: string): Promise<Output[]> => {
  const { parts, id, view } = visit;
  const { stem, passwords } = readChange(needObject(await readJson(visit)));
  const job = await changeJob(parts, id, (before) => {
    const chosen = file === undefined ? before.outputs : [needOutput(before, file)];
    if (chosen.length === 0 || chosen.some((output) => outputStatus(output, view) === 'disabled'))
      throw problems.conflict('There is no output that could be changed.');
    const outputs = [...before.outputs];
    for (const [index, output] of outputs.entries()) {
      if (!chosen.includes(output)) continue;
      const others = outputs.filter((_, at) => at !== index).map(({ filename }) => filename);
      const wish = stem === undefined ? output.filename : safeName(`${stem}${splitName(output.filename).ending}`);
      outputs[index] = { ...output, filename: freeName(wish, others), ...(passwords && { passwords }) };
    }
    return { ...before, outputs };
  });
  return file === undefined ? [...job.outputs] : [needOutput(job, file)];
};

const patchAll = forJob(
  {
    method: 'PATCH',
    path: '/jobs/:job/output',
    summary: 'Renames all outputs, or sets their password.',
    body: one('Anything'),
    answers: { 200: many('Output') },
  },
  async (visit) =>
    json(
      200,
      (await change(visit)).map((output) => outputShape(visit.id, output, visit.view)),
    ),
);

const patchOne = forJob(
  {
    method: 'PATCH',
    path: '/jobs/:job/output/:file',
    summary: 'Renames an output, or sets its password.',
    body: one('Anything'),
    answers: { 200: one('Output') },
  },
  async (visit) => {
    const [output] = await change(visit, visit.exchange.params.file);
    if (!output) throw problems.notFound('Output');
    return json(200, outputShape(visit.id, output, visit.view));
  },
);

const remove = forJob(
  { method: 'DELETE', path: '/jobs/:job/output/:file', summary: 'Removes an output.', answers: { 204: null } },
  async ({ parts, exchange, id }) => {
    const unused: string[] = [];
    await changeJob(parts, id, async (job, facts) => {
      const output = needOutput(job, exchange.params.file);
      unused.length = 0;
      if (output.disabled) return job;
      if (!job.purged) unused.push(...(await parts.host.catalog.removeFile(facts, output.stored.file)));
      return { ...job, outputs: job.outputs.map((each) => (each === output ? { ...each, disabled: true } : each)) };
    });
    await freeUnused(parts.host, unused);
    return { status: 204 };
  },
);

export const outputOperations = [list, patchAll, readOne, patchOne, remove];

import { json } from '../../../http/answers.js';
import { fieldReader, needObject, needObjects, readJson } from '../body.js';
import { changeJob } from '../jobs/change.js';
import type { JobConversion, JobRecord } from '../jobs/job.js';
import { isWaiting } from '../jobs/life.js';
import { readConversions, readOptions } from '../jobs/reading.js';
import { many, one, oneOrMany } from '../openapi/shapes.js';
import { forJob } from '../operation.js';
import { problems } from '../problems.js';
import { conversionShape } from '../shapes/conversion.js';

/** Most conversions of one job: a bound on the work that one request asks for. */
const most = 100;

const needWaiting = (job: JobRecord): void => {
  if (!isWaiting(job)) throw problems.conflict(`The conversions cannot be changed: the job is ${job.status}.`);
};

const needConversion = (job: JobRecord, id: string | undefined): JobConversion => {
  const conversion = job.conversions.find((each) => each.id === id?.toLowerCase());
  if (!conversion) throw problems.notFound('Conversion');
  return conversion;
};

const list = forJob(
  {
    method: 'GET',
    path: '/jobs/:job/conversions',
    summary: 'The job’s conversions.',
    answers: { 200: many('JobConversion') },
  },
  async ({ job }) => json(200, job.conversions.map(conversionShape)),
);

const add = forJob(
  {
    method: 'POST',
    path: '/jobs/:job/conversions',
    summary: 'Adds a conversion, or a list of them.',
    body: oneOrMany('NewConversion'),
    answers: { 201: oneOrMany('JobConversion') },
  },
  async (visit) => {
    const { parts, id, caller } = visit;
    const said = await readJson(visit);
    const isList = Array.isArray(said);
    const bodies = needObjects(said, 'conversion');
    if (bodies.length === 0) throw problems.bad('A conversion, or a list of them, is wanted.');
    const path = (index: number): string => (isList ? `${index}.` : '');
    const conversions = await readConversions(parts, caller.account.name, bodies, path);
    await changeJob(parts, id, (job) => {
      needWaiting(job);
      if (job.conversions.length + conversions.length > most)
        throw problems.limit(`A job has at most ${most} conversions.`);
      return { ...job, conversions: [...job.conversions, ...conversions] };
    });
    const shapes = conversions.map(conversionShape);
    return json(201, isList ? shapes : shapes[0]);
  },
);

const readOne = forJob(
  {
    method: 'GET',
    path: '/jobs/:job/conversions/:conversion',
    summary: 'One conversion.',
    answers: { 200: one('JobConversion') },
  },
  async ({ job, exchange }) => json(200, conversionShape(needConversion(job, exchange.params.conversion))),
);

const patch = forJob(
  {
    method: 'PATCH',
    path: '/jobs/:job/conversions/:conversion',
    summary: 'Changes the options or metadata of a conversion before the job starts.',
    body: one('Anything'),
    answers: { 200: one('JobConversion') },
  },
  async (visit) => {
    const { parts, exchange, id, job, caller } = visit;
    const reader = fieldReader(needObject(await readJson(visit)));
    const [said, metadata] = [reader.object('options'), reader.object('metadata')];
    reader.judge();
    const { category, target, options: known, ...before } = needConversion(job, exchange.params.conversion);
    const merged = { category, target, options: { ...known, ...said }, path: '' };
    const options = await readOptions(parts, caller.account.name, merged);
    const changed: JobConversion = { ...before, category, target, options, metadata: metadata ?? before.metadata };
    await changeJob(parts, id, (now) => {
      needConversion(now, changed.id);
      needWaiting(now);
      return { ...now, conversions: now.conversions.map((each) => (each.id === changed.id ? changed : each)) };
    });
    return json(200, conversionShape(changed));
  },
);

const remove = forJob(
  {
    method: 'DELETE',
    path: '/jobs/:job/conversions/:conversion',
    summary: 'Removes a conversion before the job starts.',
    answers: { 204: null },
  },
  async ({ parts, exchange, id }) => {
    await changeJob(parts, id, (job) => {
      const conversion = needConversion(job, exchange.params.conversion);
      needWaiting(job);
      return { ...job, conversions: job.conversions.filter((each) => each !== conversion) };
    });
    return { status: 204 };
  },
);

export const conversionOperations = [list, add, readOne, patch, remove];

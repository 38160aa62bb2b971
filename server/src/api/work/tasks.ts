import type { Task as DialectTask, Tasks as DialectTasks } from '../../dialects/showing.js';
import { type AccountVisit, type Operation, operation } from '../operation.js';
import { notFound } from '../problems.js';
import { choiceIn, limitIn, maySee, ownerIn, ownerQuery } from '../query.js';
import { Task, Tasks, WorkState } from '../shapes/index.js';

const tag = 'tasks';

/** A dialect's task as the API tells of it. */
export const toTask = (dialect: string, task: DialectTask): Task => ({
  ...task,
  dialect,
  facts: task.facts.map(([name, value]) => [name, value]),
});

const noSuchTask = () => notFound('no-such-task', 'There is no such task.');

/** The task that the path names, and the tasks it is one of. Refuses 404, also for somebody else's. */
const needTask = async ({
  host,
  exchange: { params },
  caller,
}: AccountVisit): Promise<{ readonly tasks: DialectTasks; readonly task: DialectTask }> => {
  const tasks = host.shown.find(({ dialect }) => dialect.name === params.dialect)?.showing.tasks;
  const task = await tasks?.find(params.id ?? '');
  if (!tasks || !task || !maySee(caller, task.owner)) throw noSuchTask();
  return { tasks, task };
};

/** The task as it is by now. */
const standing = async (tasks: DialectTasks, { exchange }: AccountVisit, id: string): Promise<Task> => {
  const task = await tasks.find(id);
  if (!task) throw noSuchTask();
  return toTask(exchange.params.dialect ?? '', task);
};

/** What becomes of uploads and takes its time: faxes, conversions. */
export const taskOperations: readonly Operation[] = [
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/tasks',
      tag,
      summary: 'Faxes and conversions, the newest first.',
      query: {
        dialect: 'Only of this protocol.',
        state: `Only in this state: ${WorkState.options.join(', ')}.`,
        owner: ownerQuery,
        limit: 'At most so many: 100 unless told, 1000 at most.',
      },
      answer: Tasks,
    },
    async ({ host, exchange, caller }) => {
      const limit = limitIn(exchange);
      const state = choiceIn(exchange, 'state', WorkState.options);
      const owner = ownerIn(exchange, caller);
      const only = exchange.query.get('dialect') || undefined;
      const query = { limit, ...(state !== undefined && { state }), ...(owner !== undefined && { owner }) };
      const found = await Promise.all(
        host.shown.map(async ({ dialect: { name }, showing: { tasks } }) => {
          const listed = tasks && (only === undefined || only === name) ? await tasks.list(query) : [];
          return listed.map((task) => toTask(name, task));
        }),
      );
      return {
        tasks: found
          .flat()
          .sort((one, other) => other.createdAt - one.createdAt)
          .slice(0, limit),
      };
    },
  ),
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/tasks/:dialect/:id',
      tag,
      summary: 'One fax or conversion.',
      answer: Task,
    },
    async (visit) => toTask(visit.exchange.params.dialect ?? '', (await needTask(visit)).task),
  ),
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/tasks/:dialect/:id/pages/:number',
      tag,
      summary: 'A page as a picture, counted from 1.',
      answer: 'image/png',
    },
    async (visit) => {
      const { tasks, task } = await needTask(visit);
      const { number = '' } = visit.exchange.params;
      const page = /^\d{1,6}$/.test(number) ? await tasks.page(task.id, Number(number)) : undefined;
      if (!page) throw notFound('no-such-page', 'There is no such page.');
      // It never changes, and takes a moment to draw.
      const headers = { 'content-type': page.type, 'cache-control': 'private, max-age=600' };
      return { status: 200, headers, body: page.body };
    },
  ),
  operation(
    {
      access: 'account',
      method: 'POST',
      path: '/tasks/:dialect/:id/retry',
      tag,
      summary: 'Has it done anew, as far as it failed. Answers the task that does it: itself, or a new one.',
      answer: Task,
    },
    async (visit) => {
      visit.caller.need('upload');
      const { tasks, task } = await needTask(visit);
      return standing(tasks, visit, await tasks.retry(task.id));
    },
  ),
  operation(
    {
      access: 'account',
      method: 'POST',
      path: '/tasks/:dialect/:id/cancel',
      tag,
      summary: 'Ends it for good.',
      answer: Task,
    },
    async (visit) => {
      const { tasks, task } = await needTask(visit);
      await tasks.cancel(task.id);
      return standing(tasks, visit, task.id);
    },
  ),
];

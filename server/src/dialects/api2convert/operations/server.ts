import { json } from '../../../http/answers.js';
import { commonOptions } from '../conversions/judging.js';
import { statusTexts } from '../jobs/job.js';
import { many } from '../openapi/shapes.js';
import { forAccount, open } from '../operation.js';
import { pageOf } from '../paging.js';
import { problems } from '../problems.js';
import { daysOf } from '../stats.js';
import type { AccountVisit } from '../visit.js';

const conversions = open(
  {
    method: 'GET',
    path: '/conversions',
    summary: 'What this server can convert to, with the options of each.',
    query: {
      category: 'Only targets of this category.',
      target: 'Only this target.',
      page: 'Page, from 1 on; one past the end is empty.',
    },
    answers: { 200: many('Conversion') },
  },
  async ({ parts, exchange: { query } }) => {
    const all = (await parts.conversions.all()).map(({ category, target, optionsSchema }, index) => ({
      id: String(index + 1),
      target,
      category,
      options: { ...commonOptions, ...optionsSchema },
    }));
    const isAsked = (value: string, name: string): boolean =>
      (query.get(name) || value).toLowerCase() === value.toLowerCase();
    const found = all.filter(({ category, target }) => isAsked(category, 'category') && isAsked(target, 'target'));
    return json(200, pageOf(found, query), { 'x-count': found.length });
  },
);

const statuses = open(
  {
    method: 'GET',
    path: '/statuses',
    summary: 'Every status that a job can have.',
    answers: { 200: many('Status') },
  },
  async () =>
    json(
      200,
      Object.entries(statusTexts).map(([code, info]) => ({ code, info })),
    ),
);

const contracts = forAccount(
  { method: 'GET', path: '/contracts', summary: 'Nobody has a contract here.', answers: { 204: null } },
  async () => ({ status: 204 }),
);

const isDate = (text: string): boolean => {
  const [year = '', month = '01', day = '01'] = text.split('-');
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};

const stats = (period: 'day' | 'month' | 'year', form: RegExp) =>
  forAccount(
    {
      method: 'GET',
      path: `/stats/${period}/:date/:filter`,
      summary: `What the account did in a ${period}, day by day.`,
      answers: { 200: many('Day') },
    },
    async ({ parts, exchange: { params }, caller }: AccountVisit) => {
      const { date = '', filter = '' } = params;
      if (!form.test(date) || !isDate(date)) throw problems.invalid({ date: [`is not a ${period}.`] });
      if (filter !== 'single' && filter !== 'all') throw problems.invalid({ filter: ['must be single or all.'] });
      return json(200, await parts.host.ledger.read((facts) => daysOf(facts, caller.account.name, date)));
    },
  );

/** What is told of the server itself, and of what accounts did with it. */
export const serverOperations = [
  conversions,
  statuses,
  contracts,
  stats('day', /^\d{4}-\d\d-\d\d$/),
  stats('month', /^\d{4}-\d\d$/),
  stats('year', /^\d{4}$/),
];

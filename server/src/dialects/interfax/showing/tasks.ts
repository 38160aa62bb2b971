import type { FactReader } from '../../../engine/ports.js';
import { Refusal } from '../../../engine/refusals.js';
import type { Json } from '../../../kit/json.js';
import type { Host } from '../../dialect.js';
import type { Task, TaskQuery, Tasks } from '../../showing.js';
import type { Fax } from '../faxes/fax.js';
import { type Faxes, faxJobKind, readFaxJob } from '../faxes/faxes.js';
import { activeShelf, faxShelf, findFax } from '../faxes/records.js';
import { isActive, statuses } from '../faxes/statuses.js';
import type { InterfaxOptions } from '../options.js';
import { openPages } from './page.js';
import { statusWords } from './words.js';

/** How many faxes are read at once. */
const pageSize = 200;

/** Most faxes that run at the same time and are told of. */
const mostRunning = 1000;

/** A number as it is dialled from anywhere. */
const dialled = (number: string): string => number.replace(/^00/, '+');

const titleOf = ({ recipient: { number, contact } }: Fax): string =>
  contact === '' ? `Fax to ${dialled(number)}` : `Fax to ${contact} (${dialled(number)})`;

const factsOf = (fax: Fax): [string, string][] => {
  const { recipient, settings, documents, postponedTo } = fax;
  const known: [string, string | number | null][] = [
    ['Transaction', fax.id],
    ['Number', dialled(recipient.number)],
    ['Name', recipient.contact],
    ['Subject', settings.subject],
    ['Documents', documents.map(({ type }) => type).join(', ')],
    ['Pages', fax.pagesSubmitted || null],
    ['Pages sent', fax.pagesSubmitted ? fax.pagesSent : null],
    ['Transmissions', `${fax.attemptsMade} of ${settings.attempts}`],
    ['On the line', fax.duration ? `${fax.duration} s` : null],
    ['The other machine', fax.remoteCsid],
    [
      'Not before',
      postponedTo === null ? null : `${new Date(postponedTo).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    ],
    ['Page', `${settings.pageSize}, ${settings.orientation}, ${settings.resolution}`],
    ['Batch', fax.batchSize > 1 ? `${fax.parent} (${fax.batchSize} faxes)` : null],
  ];
  return known.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, String(value)]]));
};

/** How a fax has ended; nothing while it is not over. */
const endOf = ({ status }: Fax): Task['state'] | undefined => {
  if (isActive(status)) return undefined;
  if (status === statuses.sent) return 'done';
  return status === statuses.cancelled ? 'cancelled' : 'failed';
};

const progressOf = ({ status, pagesSent, pagesSubmitted }: Fax): number | null => {
  if (status === statuses.sent) return 1;
  return isActive(status) && pagesSubmitted > 0 ? Math.min(1, pagesSent / pagesSubmitted) : null;
};

/** May it still be cancelled, as CancelFax has it? */
const mayCancel = ({ status, onLine }: Fax): boolean => isActive(status) && !onLine;

/** Can it be faxed once more, as ReSendFax does it? */
const mayRetry = ({ status, documents }: Fax): boolean =>
  !isActive(status) && status !== statuses.sent && documents.length > 0;

/** Faxes as people follow them. */
export const openTasks = (host: Host, options: InterfaxOptions, faxes: Faxes): Tasks => {
  const { ledger, jobs } = host;
  const draw = openPages(host, options);

  const stateOf = async (fax: Fax): Promise<Task['state']> => {
    const end = endOf(fax);
    return end ?? ((await jobs.find(fax.job))?.state === 'running' ? 'running' : 'waiting');
  };

  const toTask = async (fax: Fax): Promise<Task> => ({
    id: String(fax.id),
    owner: fax.owner,
    title: titleOf(fax),
    state: await stateOf(fax),
    message: statusWords(fax.status),
    progress: progressOf(fax),
    pages: fax.image?.pages ?? 0,
    facts: factsOf(fax),
    may: { retry: mayRetry(fax), cancel: mayCancel(fax) },
    createdAt: fax.submittedAt,
    endedAt: fax.completedAt,
  });

  const find = (id: string): Promise<Fax | undefined> =>
    ledger.read(async (facts) => (/^\d{1,9}$/.test(id) ? findFax(facts, Number(id)) : undefined));

  /** The ids of faxes that are not over, of all owners: the newest first. */
  const activeIds = async (facts: FactReader): Promise<number[]> =>
    (await activeShelf.list(facts))
      .map(({ id }) => Number(id.slice(id.indexOf('/') + 1)))
      .sort((one, other) => other - one);

  /** The ids of all faxes, the newest first. */
  const allIds = async function* (facts: FactReader): AsyncGenerator<number> {
    let after: string | undefined;
    for (;;) {
      const page = await faxShelf.list(facts, {
        reverse: true,
        limit: pageSize,
        ...(after !== undefined && { after }),
      });
      for (const { id } of page) yield Number(id);
      after = page.at(-1)?.id;
      if (page.length < pageSize) return;
    }
  };

  /** Of the faxes with these ids those that match and are not hidden, as many as are asked for. */
  const pick = async (
    facts: FactReader,
    ids: Iterable<number> | AsyncIterable<number>,
    { limit, matches }: { limit: number; matches: (fax: Fax) => boolean },
  ): Promise<Fax[]> => {
    const found: Fax[] = [];
    for await (const id of ids) {
      if (found.length >= limit) break;
      const fax = await findFax(facts, id);
      if (fax && !fax.hidden && matches(fax)) found.push(fax);
    }
    return found;
  };

  /** What runs is asked for again and again by whoever watches, so it is found by its jobs, of which there are few. */
  const runningIds = async (): Promise<number[]> =>
    (await jobs.list({ kind: faxJobKind, state: 'running', limit: mostRunning })).map(
      ({ input }) => readFaxJob(input).fax,
    );

  const select = async ({ owner, state, limit }: TaskQuery): Promise<Fax[]> => {
    if (state === 'running') {
      const ids = await runningIds();
      const matches = (fax: Fax) => owner === undefined || fax.owner === owner;
      return ledger.read((facts) => pick(facts, ids, { limit, matches }));
    }
    const active = state === 'waiting';
    const matches = (fax: Fax) => state === undefined || (active ? isActive(fax.status) : endOf(fax) === state);
    return ledger.read(async (facts) =>
      owner === undefined
        ? pick(facts, active ? await activeIds(facts) : allIds(facts), { limit, matches })
        : faxes.list(facts, { owner, limit, matches, active }),
    );
  };

  const list = async (query: TaskQuery): Promise<Task[]> => {
    const tasks = await Promise.all((await select(query)).map(toTask));
    return tasks.filter(({ state }) => query.state === undefined || query.state === state);
  };

  return {
    list,
    find: async (id) => {
      const fax = await find(id);
      return fax && toTask(fax);
    },
    page: async (id, number) => {
      const fax = await find(id);
      if (!fax?.image || !(number >= 1 && number <= fax.image.pages)) return undefined;
      return { type: 'image/png', body: await draw(fax, fax.image, number) };
    },
    retry: (id) =>
      ledger.transact(async (facts) => {
        const fax = /^\d{1,9}$/.test(id) ? await findFax(facts, Number(id)) : undefined;
        if (!fax || !mayRetry(fax))
          throw new Refusal('malformed', {
            reason: 'Only a fax that failed and whose documents are there can be sent again.',
          });
        const { owner, recipient, settings, documents } = fax;
        return String(
          await faxes.submit(facts, { owner, recipients: [recipient], settings, documents, postponedTo: null }),
        );
      }),
    cancel: async (id) => {
      const fax = await find(id);
      const ended = fax ? await faxes.cancel([fax.id]) : [];
      if (ended.length === 0)
        throw new Refusal('malformed', { reason: 'The fax is over or on the line, and cannot be cancelled.' });
    },
    of: ({ kind, input }) => (kind === faxJobKind ? faxOf(input) : undefined),
  };
};

const faxOf = (input: Json): string => String(readFaxJob(input).fax);

import type { FactReader } from '../../../engine/ports.js';
import { Refusal } from '../../../engine/refusals.js';
import type { Json } from '../../../kit/json.js';
import type { Host } from '../../dialect.js';
import type { Task, TaskQuery, Tasks } from '../../showing.js';
import type { Fax } from '../faxes/fax.js';
import { type Faxes, faxJobKind, readFaxJob } from '../faxes/faxes.js';
import { faxKey, faxShelf, findFax } from '../faxes/records.js';
import { isActive, statuses } from '../faxes/statuses.js';
import type { InterfaxOptions } from '../options.js';
import { openPages } from './page.js';
import { statusWords } from './words.js';

/** How many faxes are read at once. */
const pageSize = 200;

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

/** How a fax that is over has ended. */
const endOf = ({ status }: Fax): Task['state'] => {
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
    if (!isActive(fax.status)) return endOf(fax);
    return (await jobs.find(fax.job))?.state === 'running' ? 'running' : 'waiting';
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

  /** The newest faxes of all owners that match. */
  const newest = async (facts: FactReader, limit: number, matches: (fax: Fax) => boolean): Promise<Fax[]> => {
    const found: Fax[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await faxShelf.list(facts, {
        reverse: true,
        limit: pageSize,
        ...(after !== undefined && { after }),
      });
      for (const { id, value } of page) {
        if (found.length >= limit) return found;
        const fax = value.hidden ? undefined : await findFax(facts, Number(id));
        if (fax && matches(fax)) found.push(fax);
      }
      after = page.at(-1)?.id;
      if (page.length < pageSize || after === faxKey(1)) return found;
    }
  };

  const list = async ({ owner, state, limit }: TaskQuery): Promise<Task[]> => {
    const isOpen = state === 'waiting' || state === 'running';
    const matches = (fax: Fax): boolean =>
      state === undefined || (isOpen ? isActive(fax.status) : !isActive(fax.status) && endOf(fax) === state);
    const found = await ledger.read((facts) =>
      owner === undefined
        ? newest(facts, limit, matches)
        : faxes.list(facts, { owner, limit, matches, active: isOpen }),
    );
    const tasks = await Promise.all(found.map(toTask));
    return tasks.filter((task) => state === undefined || task.state === state);
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

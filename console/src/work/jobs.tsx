import type { Job } from 'longshore/api';
import { useState } from 'preact/hooks';
import { api } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { changedJobs } from '../server/stream.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { ProblemNote } from '../ui/problem.js';
import { type Column, Table } from '../ui/table.js';
import { Ago, Moment } from '../ui/values.js';
import { words } from '../words/en.js';
import { merged } from './merge.js';
import { WorkBadge } from './state-badge.js';
import { type StateChoice, StateFilter } from './state-filter.js';
import { WorkActions } from './work-actions.js';

const { work } = words;

// What waits for its first attempt is done soon enough by itself.
const mayRetry = (state: Job['state'], attempts: number): boolean =>
  state === 'failed' || state === 'cancelled' || (state === 'waiting' && attempts > 0);

const columns = (reload: () => void): readonly Column<Job>[] => [
  { name: 'kind', title: work.columns.kind, heads: true, cell: ({ kind }) => kind },
  { name: 'state', title: work.columns.state, cell: ({ state }) => <WorkBadge state={state} /> },
  {
    name: 'attempts',
    title: work.columns.attempts,
    align: 'end',
    cell: ({ attempts, maxAttempts }) => work.attempts(attempts, maxAttempts),
  },
  {
    name: 'due',
    title: work.columns.due,
    cell: ({ state, dueAt }) => (state === 'waiting' ? <Moment at={dueAt} /> : words.none),
  },
  { name: 'created', title: work.columns.created, cell: ({ createdAt }) => <Ago at={createdAt} /> },
  {
    name: 'message',
    title: work.columns.message,
    phone: 'broad',
    cell: ({ message }) => (message === null ? words.none : <span class="wrap problem">{message}</span>),
  },
  {
    name: 'actions',
    title: work.columns.actions,
    bare: true,
    phone: 'corner',
    cell: ({ id, kind, state, attempts }) => (
      <div class="actions">
        <WorkActions
          title={kind}
          small
          retry={mayRetry(state, attempts) ? () => api.retryJob(id) : null}
          cancel={state === 'waiting' ? () => api.cancelJob(id) : null}
          onDone={reload}
        />
      </div>
    ),
  },
];

/** The queue of work after uploads, live. */
export const Jobs = () => {
  const [state, setState] = useState<StateChoice>('all');
  const { data, error, reload } = useLoad(api.jobs, 'jobs');
  if (data === undefined)
    return error ? <ProblemNote error={error} onRetry={reload} /> : <p class="soft">{words.loading}</p>;
  const all = merged(data.jobs, changedJobs.value, ({ id }) => id);
  const shown = all.filter((job) => state === 'all' || job.state === state);
  if (all.length === 0)
    return (
      <div class="card">
        <Empty icon="waiting" title={work.noJobs}>
          {work.noJobsHint}
        </Empty>
      </div>
    );
  return (
    <>
      <div class="filters">
        <StateFilter value={state} onChange={setState} />
      </div>
      <p class="soft small">{work.count(shown.length)}</p>
      {shown.length === 0 ? (
        <div class="card">
          <Empty icon="search" title={work.noneFits}>
            <Button onClick={() => setState('all')}>{work.showAll}</Button>
          </Empty>
        </div>
      ) : (
        <Table label={work.queue} columns={columns(reload)} rows={shown} keyOf={({ id }) => id} />
      )}
    </>
  );
};

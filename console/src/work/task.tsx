import type { Task } from 'longshore/api';
import { useState } from 'preact/hooks';
import { dialectTitle } from '../server/about.js';
import { api } from '../server/api.js';
import { Button } from '../ui/button.js';
import { Facts } from '../ui/facts.js';
import { Progress } from '../ui/progress.js';
import { Ago, Moment } from '../ui/values.js';
import { words } from '../words/en.js';
import { TaskPages } from './pages.js';
import { WorkBadge } from './state-badge.js';
import { WorkActions } from './work-actions.js';

const { work } = words;

interface TaskCardProps {
  readonly task: Task;
  readonly onDone: () => void;
}

/** A fax or a conversion: what it is, how it goes, why it failed, and what can be done. */
export const TaskCard = ({ task, onDone }: TaskCardProps) => {
  const [looking, setLooking] = useState(false);
  const { dialect, id, title, state, message, owner, createdAt, endedAt, facts, pages, may } = task;
  return (
    <li class={`card task ${state}`}>
      <div class="task-head">
        <WorkBadge state={state} />
        <h2 class="wrap">{title}</h2>
        <p class="soft small">
          {owner} · {dialectTitle(dialect)} · <Ago at={endedAt ?? createdAt} />
        </p>
      </div>
      {message !== '' && <p class={state === 'failed' ? 'task-message problem' : 'task-message soft'}>{message}</p>}
      {state === 'running' && <Progress share={task.progress} label={work.progressOf(title)} />}
      <div class="task-foot">
        <details>
          <summary class="small">{work.facts}</summary>
          <Facts
            facts={[
              ...facts,
              [work.started, <Moment key="started" at={createdAt} />],
              [work.ended, endedAt === null ? undefined : <Moment at={endedAt} />],
            ]}
          />
        </details>
        <div class="actions">
          {pages > 0 && (
            <Button icon="eye" label={`${work.pages(pages)}: ${title}`} onClick={() => setLooking(true)}>
              {work.pages(pages)}
            </Button>
          )}
          <WorkActions
            title={title}
            retry={may.retry ? () => api.retryTask(dialect, id) : null}
            cancel={may.cancel ? () => api.cancelTask(dialect, id) : null}
            onDone={onDone}
          />
        </div>
      </div>
      {looking && <TaskPages task={task} onClose={() => setLooking(false)} />}
    </li>
  );
};

import type { Task } from 'longshore/api';
import { useState } from 'preact/hooks';
import { api } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { changedTasks, taskKey } from '../server/stream.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Field } from '../ui/field.js';
import { ProblemNote } from '../ui/problem.js';
import { words } from '../words/en.js';
import { merged } from './merge.js';
import { type StateChoice, StateFilter } from './state-filter.js';
import { TaskCard } from './task.js';

const { work } = words;

const says = ({ title, owner, message }: Task, text: string): boolean =>
  [title, owner, message].some((each) => each.toLowerCase().includes(text));

/** Faxes and conversions, live. */
export const Tasks = () => {
  const [state, setState] = useState<StateChoice>('all');
  const [text, setText] = useState('');
  const { data, error, reload } = useLoad(api.tasks, 'tasks');
  if (data === undefined)
    return error ? <ProblemNote error={error} onRetry={reload} /> : <p class="soft">{words.loading}</p>;
  const all = merged(data.tasks, changedTasks.value, taskKey);
  const sought = text.trim().toLowerCase();
  const shown = all.filter((task) => (state === 'all' || task.state === state) && says(task, sought));
  if (all.length === 0)
    return (
      <div class="card">
        <Empty icon="work" title={work.none}>
          {work.noneHint}
        </Empty>
      </div>
    );
  return (
    <>
      <search class="filters">
        <div class="field grow">
          <Field label={work.find} type="search" value={text} placeholder={work.findHint} exact onInput={setText} />
        </div>
        <StateFilter value={state} onChange={setState} />
      </search>
      <p class="soft small">{work.count(shown.length)}</p>
      {shown.length === 0 ? (
        <div class="card">
          <Empty icon="search" title={work.noneFits}>
            <Button
              onClick={() => {
                setState('all');
                setText('');
              }}
            >
              {work.showAll}
            </Button>
          </Empty>
        </div>
      ) : (
        <ul class="tasks">
          {shown.map((task) => (
            <TaskCard key={taskKey(task)} task={task} onDone={reload} />
          ))}
        </ul>
      )}
    </>
  );
};

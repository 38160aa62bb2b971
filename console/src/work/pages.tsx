import type { Task } from 'longshore/api';
import { useState } from 'preact/hooks';
import { addresses } from '../server/api.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { words } from '../words/en.js';

const { work } = words;

/** The pages of a task, one at a time. Arrow keys turn them. */
export const TaskPages = ({ task, onClose }: { readonly task: Task; readonly onClose: () => void }) => {
  const [number, setNumber] = useState(1);
  const turn = (to: number): void => setNumber(Math.min(task.pages, Math.max(1, to)));
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'ArrowRight' || key === 'PageDown') turn(number + 1);
    if (key === 'ArrowLeft' || key === 'PageUp') turn(number - 1);
  };
  return (
    <Dialog
      form="wide"
      title={work.pagesOf(task.title)}
      onClose={onClose}
      actions={
        <div class="page-turner" onKeyDown={onKeyDown}>
          <Button icon="back" disabled={number === 1} onClick={() => turn(number - 1)}>
            {work.previous}
          </Button>
          <p aria-live="polite">{work.page(number, task.pages)}</p>
          <Button icon="forward" disabled={number === task.pages} onClick={() => turn(number + 1)}>
            {work.next}
          </Button>
        </div>
      }
    >
      <div class="page" tabIndex={0} role="group" aria-label={work.page(number, task.pages)} onKeyDown={onKeyDown}>
        <img
          key={number}
          src={addresses.page(task.dialect, task.id, number)}
          alt={work.pagePicture(number, task.title)}
        />
      </div>
    </Dialog>
  );
};

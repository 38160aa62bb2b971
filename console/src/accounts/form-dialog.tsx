import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ProblemNote } from '../ui/problem.js';
import { words } from '../words/en.js';

interface FormDialogProps {
  readonly title: string;
  /** What its button says. */
  readonly action: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Does it; undefined where what was entered will not do and its fields say so. */
  readonly onSubmit: () => Promise<unknown> | undefined;
  /** Called after it was done. */
  readonly onDone: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog with a form: it stays, with the reason, where the server refuses. */
export const FormDialog = (props: FormDialogProps) => {
  const { title, action, danger = false, disabled = false, onSubmit, onDone, onClose, children } = props;
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy || disabled) return;
    const done = onSubmit();
    if (done === undefined) return;
    setBusy(true);
    setError(undefined);
    done.then(onDone, (problem: Error) => {
      setError(problem);
      setBusy(false);
    });
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.actions.cancel}</Button>
          <Button kind={danger ? 'danger' : 'primary'} type="submit" form={id} busy={busy} disabled={disabled}>
            {action}
          </Button>
        </>
      }
    >
      <form id={id} class="stack" noValidate onSubmit={submit}>
        {children}
        {error && <ProblemNote error={error} />}
      </form>
    </Dialog>
  );
};

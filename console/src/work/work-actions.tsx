import { useState } from 'preact/hooks';
import { toast } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/dialog.js';
import { ProblemNote } from '../ui/problem.js';
import { words } from '../words/en.js';

const { work } = words;

interface WorkActionsProps {
  /** What it is, for people. */
  readonly title: string;
  readonly retry: (() => Promise<unknown>) | null;
  readonly cancel: (() => Promise<unknown>) | null;
  /** Called after either was done. */
  readonly onDone: () => void;
}

/** Buttons that try a piece of work again, and that end it after asking. */
export const WorkActions = ({ title, retry, cancel, onDone }: WorkActionsProps) => {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<Error>();
  const run = (act: () => Promise<unknown>, said: string): void => {
    setBusy(true);
    setError(undefined);
    act()
      .then(() => {
        toast(said);
        setAsking(false);
        onDone();
      })
      .catch((problem: Error) => {
        setError(problem);
        if (!asking) toast(problem.message, 'failed');
      })
      .finally(() => setBusy(false));
  };
  return (
    <>
      {retry !== null && (
        <Button icon="retry" busy={busy} label={work.retryWhat(title)} onClick={() => run(retry, work.retried(title))}>
          {work.retry}
        </Button>
      )}
      {cancel !== null && (
        <Button icon="close" label={work.cancelWhat(title)} onClick={() => setAsking(true)}>
          {work.cancel}
        </Button>
      )}
      {asking && cancel !== null && (
        <Confirm
          title={work.askCancel.title}
          action={work.askCancel.action}
          keep={work.askCancel.keep}
          busy={busy}
          onConfirm={() => run(cancel, work.cancelled(title))}
          onClose={() => setAsking(false)}
        >
          <p class="wrap">{work.askCancel.text(title)}</p>
          {error && <ProblemNote error={error} />}
        </Confirm>
      )}
    </>
  );
};

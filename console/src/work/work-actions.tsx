import { useState } from 'preact/hooks';
import { toast } from '../ui/announcer.js';
import { Button, IconButton } from '../ui/button.js';
import { Confirm } from '../ui/dialog.js';
import type { IconName } from '../ui/icon.js';
import { ProblemNote } from '../ui/problem.js';
import { words } from '../words/en.js';

const { work } = words;

interface WorkActionsProps {
  /** What it is, for people. */
  readonly title: string;
  readonly retry: (() => Promise<unknown>) | null;
  readonly cancel: (() => Promise<unknown>) | null;
  /** Shows drawings instead of words. */
  readonly small?: boolean;
  /** Called after either was done. */
  readonly onDone: () => void;
}

interface ActionButtonProps {
  readonly icon: IconName;
  readonly text: string;
  readonly label: string;
  readonly small: boolean;
  readonly onClick: () => void;
}

const ActionButton = ({ icon, text, label, small, onClick }: ActionButtonProps) =>
  small ? (
    <IconButton icon={icon} label={label} onClick={onClick} />
  ) : (
    <Button icon={icon} label={label} onClick={onClick}>
      {text}
    </Button>
  );

/** Buttons that try a piece of work again, and that end it after asking. */
export const WorkActions = ({ title, retry, cancel, small = false, onDone }: WorkActionsProps) => {
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
  const tryAgain = (): void => {
    if (retry !== null && !busy) run(retry, work.retried(title));
  };
  const ask = (): void => setAsking(true);
  return (
    <>
      {retry !== null && (
        <ActionButton icon="retry" text={work.retry} label={work.retryWhat(title)} small={small} onClick={tryAgain} />
      )}
      {cancel !== null && (
        <ActionButton icon="close" text={work.cancel} label={work.cancelWhat(title)} small={small} onClick={ask} />
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

import { words } from '../words/en.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

interface ProblemNoteProps {
  readonly error: Error;
  /** Asks anew. */
  readonly onRetry?: () => void;
}

/** Says that something could not be shown or done, and why. */
export const ProblemNote = ({ error, onRetry }: ProblemNoteProps) => (
  <div class="problem-note note bad" role="alert">
    <Icon name="failed" />
    <p>{error.message}</p>
    {onRetry !== undefined && (
      <Button icon="retry" onClick={onRetry}>
        {words.actions.again}
      </Button>
    )}
  </div>
);

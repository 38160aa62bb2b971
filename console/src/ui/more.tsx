import type { Paged } from '../server/pages.js';
import { words } from '../words/en.js';
import { Button } from './button.js';
import { ProblemNote } from './problem.js';

interface MoreProps {
  readonly pages: Pick<Paged<unknown, unknown>, 'ready' | 'error' | 'loading' | 'next' | 'more' | 'reload'>;
  /** What the button says. */
  readonly text: string;
}

/** What stands under a list that is read page by page: a button for the next one, or what went wrong. */
export const More = ({ pages, text }: MoreProps) => {
  if (pages.error) return <ProblemNote error={pages.error} onRetry={pages.reload} />;
  if (!pages.ready) return <p class="soft">{words.loading}</p>;
  if (pages.next === null) return null;
  return (
    <div class="more-button">
      <Button busy={pages.loading} onClick={pages.more}>
        {text}
      </Button>
    </div>
  );
};

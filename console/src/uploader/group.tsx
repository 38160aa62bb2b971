import { useState } from 'preact/hooks';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Progress } from '../ui/progress.js';
import { words } from '../words/en.js';
import { bytes, count } from '../words/format.js';
import { CancelMany } from './cancel-many.js';
import { focusNext } from './focus.js';
import { type Group, isMoving, isOver, isUnmet } from './item.js';
import { shareOf, type Totals, totalsOf } from './totals.js';
import type { Uploader } from './uploader.js';

const texts = words.uploader;

/** What is not as it should be among uploads, in words; nothing where all is well. */
export const troubles = ({ phases }: Totals): string[] =>
  (['failed', 'refused', 'lost', 'asking', 'cancelled'] as const).flatMap((phase) => {
    const number = phases[phase] ?? 0;
    return number === 0 ? [] : [texts.counted[phase](number)];
  });

/** Where a number of uploads stand, in words. */
export const groupStanding = (totals: Totals): string =>
  [
    texts.doneOf(count(totals.phases.done ?? 0), count(totals.files)),
    texts.soFar(bytes(totals.confirmed), bytes(totals.bytes)),
    ...troubles(totals),
  ].join(' · ');

interface GroupProps {
  readonly group: Group;
  readonly open: boolean;
  readonly uploader: Uploader;
  readonly onToggle: () => void;
}

/** Files that were chosen as one thing, in one line of the list. */
export const GroupRow = ({ group, open, uploader, onToggle }: GroupProps) => {
  const [asks, setAsks] = useState(false);
  uploader.list.follow();
  const { items } = group;
  const totals = totalsOf(items);
  const title = group.title ?? texts.files(items.length);
  const paused = items.filter(({ phase }) => phase === 'paused');
  const unmet = items.filter(isUnmet);
  const moving = items.some(isMoving);
  const over = items.every(isOver);
  const failed = (totals.phases.failed ?? 0) > 0;
  return (
    <div class="upload group" data-phase={failed ? 'failed' : over ? 'done' : 'running'}>
      <Icon name="folder" />
      <div class="upload-body">
        <p class="upload-name cut">
          <button type="button" class="group-title" aria-expanded={open} onClick={onToggle}>
            <Icon name={open ? 'down' : 'forward'} size={16} />
            <strong class="cut">{title}</strong>
          </button>
          {group.title !== null && <span class="soft small">{texts.files(items.length)}</span>}
        </p>
        <Progress
          share={over ? 1 : shareOf(totals)}
          label={texts.progressOf(title)}
          tone={failed ? 'failed' : over ? 'done' : moving ? 'running' : 'idle'}
        />
        <p class="upload-standing small">{groupStanding(totals)}</p>
      </div>
      <div class="actions">
        {moving && (
          <IconButton key="first" icon="pause" label={texts.pause(title)} onClick={() => uploader.pause(items)} />
        )}
        {!moving && paused.length > 0 && (
          <IconButton
            key="first"
            icon="play"
            label={texts.resume(title)}
            onClick={() => {
              uploader.resume(paused).catch(() => undefined);
            }}
          />
        )}
        {!moving && paused.length === 0 && unmet.length > 0 && (
          <IconButton
            key="first"
            icon="retry"
            label={texts.again(title)}
            onClick={() => {
              uploader.resume(unmet).catch(() => undefined);
            }}
          />
        )}
        {over ? (
          <IconButton
            key="second"
            icon="close"
            label={texts.remove(title)}
            onClick={({ currentTarget }) => {
              focusNext(currentTarget);
              uploader.remove(items);
            }}
          />
        ) : (
          <IconButton key="second" icon="close" label={texts.cancel(title)} onClick={() => setAsks(true)} />
        )}
      </div>
      {asks && !over && (
        <CancelMany
          title={texts.cancelMany(title)}
          action={texts.cancelFiles(totals.left)}
          left={totals.left}
          onClose={() => setAsks(false)}
          onConfirm={() => {
            uploader.cancel(items).catch(() => undefined);
          }}
        />
      )}
    </div>
  );
};

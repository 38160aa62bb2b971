import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { Progress } from '../ui/progress.js';
import { words } from '../words/en.js';
import { bytes, count, duration, speed } from '../words/format.js';
import { CancelMany } from './cancel-many.js';
import { troubles } from './group.js';
import { isMoving, isOver, isUnmet } from './item.js';
import { openMilestones } from './milestones.js';
import { shareOf, type Totals, totalsOf } from './totals.js';
import type { Uploader } from './uploader.js';

const texts = words.uploader;

/** Ms between two announcements of progress at least. */
const quiet = 5000;

/** Tells how far all uploads are: at each quarter, and when nothing moves any more. */
const useAnnouncements = (totals: Totals, rest: string): void => {
  const milestones = useRef(openMilestones());
  const before = useRef({ bytes: 0, left: 0, told: 0 });
  useEffect(() => {
    const share = shareOf(totals);
    const last = before.current;
    if (totals.bytes !== last.bytes) milestones.current.restart(share);
    const quarter = milestones.current.reached(share);
    const ended = totals.left === 0 && last.left > 0;
    const now = performance.now();
    if (ended) announce([texts.ended(totals.phases.done ?? 0), ...troubles(totals)].join(', '));
    else if (quarter !== null && totals.left > 0 && now - last.told > quiet) {
      announce(texts.quarter(quarter, rest));
      last.told = now;
    }
    before.current = { ...last, bytes: totals.bytes, left: totals.left };
  });
};

/** All uploads together, and what can be done with all of them. */
export const Summary = ({ uploader }: { readonly uploader: Uploader }) => {
  const [asks, setAsks] = useState(false);
  uploader.list.follow();
  const items = [...uploader.list.items()];
  const totals = totalsOf(items);
  const rate = uploader.speed();
  const rest = rate > 0 && totals.moving > 0 ? texts.left(duration((totals.bytes - totals.confirmed) / rate)) : '';
  useAnnouncements(totals, rest);

  const paused = items.filter(({ phase }) => phase === 'paused');
  const unmet = items.filter(isUnmet);
  const ended = items.filter((item) => isOver(item) && !isUnmet(item));
  // Those that may be tried again are not cleared by the way.
  const cleared = ended.length > 0 ? ended : unmet;
  const failed = (totals.phases.failed ?? 0) > 0;
  const facts = [
    ...(totals.bytes > 0 ? [texts.soFar(bytes(totals.confirmed), bytes(totals.bytes))] : []),
    ...(rate > 0 && totals.moving > 0 ? [speed(rate)] : []),
    ...(rest === '' ? [] : [rest]),
    ...troubles(totals),
  ];
  const close = (): void => setAsks(false);
  return (
    <section class="card summary" aria-label={texts.together}>
      <div class="summary-facts">
        <h2>{texts.doneOf(count(totals.phases.done ?? 0), count(totals.files))}</h2>
        <p class="soft">{facts.join(' · ')}</p>
      </div>
      <Progress
        share={totals.left === 0 ? 1 : shareOf(totals)}
        label={texts.together}
        tone={failed ? 'failed' : totals.left === 0 ? 'done' : totals.moving > 0 ? 'running' : 'idle'}
      />
      <div class="actions">
        {totals.moving > 0 && (
          <Button key="first" icon="pause" onClick={() => uploader.pause(items.filter(isMoving))}>
            {texts.pauseAll}
          </Button>
        )}
        {totals.moving === 0 && paused.length > 0 && (
          <Button
            key="first"
            icon="play"
            onClick={() => {
              uploader.resume(paused).catch(() => undefined);
            }}
          >
            {texts.resumeAll}
          </Button>
        )}
        {unmet.length > 0 && (
          <Button
            icon="retry"
            onClick={() => {
              uploader.resume(unmet).catch(() => undefined);
            }}
          >
            {texts.againAll(unmet.length)}
          </Button>
        )}
        {totals.left > 0 && (
          <Button icon="close" onClick={() => setAsks(true)}>
            {texts.cancelAll}
          </Button>
        )}
        {cleared.length > 0 && (
          <Button kind="quiet" onClick={() => uploader.remove(cleared)}>
            {ended.length > 0 ? texts.clear : texts.clearFailed}
          </Button>
        )}
      </div>
      {asks && (
        <CancelMany
          title={texts.cancelAll}
          action={texts.cancelAll}
          left={totals.left}
          onClose={close}
          onConfirm={() => {
            uploader.cancel(items.filter((item) => !isOver(item))).catch(() => undefined);
          }}
        />
      )}
    </section>
  );
};

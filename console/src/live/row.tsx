import { type ReadonlySignal, type Signal, useComputed } from '@preact/signals';
import type { Upload } from 'longshore/api';
import { href } from '../app/router.js';
import { dialectTitle } from '../server/about.js';
import { now } from '../server/clock.js';
import { lives } from '../server/uploads.js';
import { IconButton } from '../ui/button.js';
import { memo } from '../ui/memo.js';
import { words } from '../words/en.js';
import { bytes, duration, percent, shortMoment, speed } from '../words/format.js';
import { secondsLeft, shareOf, standingOf } from './standing.js';

const { live } = words;

/** What people call an upload: its file's name, or that it has none. */
export const nameOf = ({ name }: Upload): string => name ?? words.unnamed;

/** How much is there, in words. */
export const receivedText = (upload: Upload): string => {
  const { size, received } = upload;
  if (size === null) return live.receivedOnly(bytes(received));
  return live.received(percent(shareOf(upload) ?? 0), bytes(received), bytes(size));
};

const standingText = (upload: Upload, at: number): string => {
  const standing = standingOf(upload, at);
  return standing === 'stuck' ? live.stuckFor(duration((at - upload.touchedAt) / 1000)) : words.standing[standing];
};

const leftText = (upload: Upload): string => {
  const seconds = secondsLeft(upload);
  return seconds === null ? words.none : duration(seconds);
};

const Bar = ({ upload }: { readonly upload: Signal<Upload> }) => {
  const share = useComputed(() => shareOf(upload.value));
  const style = useComputed(() => `transform: scaleX(${(share.value ?? 0).toFixed(4)})`);
  const value = useComputed(() => (share.value === null ? undefined : Math.floor(share.value * 100)));
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={live.progressOf(nameOf(upload.peek()))}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value as ReadonlySignal<number>}
    >
      <div style={style} />
    </div>
  );
};

interface LiveRowProps {
  readonly upload: Signal<Upload>;
  /** Asks whether it is to be cancelled. */
  readonly onCancel: (upload: Upload) => void;
}

/** One live upload. What changes is bound to its own text and attribute: the row itself is drawn once. */
export const LiveRow = memo(({ upload, onCancel }: LiveRowProps) => {
  const { id, owner, dialect, createdAt } = upload.peek();
  const name = useComputed(() => nameOf(upload.value));
  const standing = useComputed(() => standingOf(upload.value, now.value));
  const stands = useComputed(() =>
    standing.value === 'stuck' ? standingText(upload.value, now.value) : words.standing[standing.value],
  );
  const received = useComputed(() => receivedText(upload.value));
  const rate = useComputed(() => (upload.value.bytesPerSecond > 0 ? speed(upload.value.bytesPerSecond) : words.none));
  const left = useComputed(() => leftText(upload.value));
  const from = useComputed(() => upload.value.from ?? words.none);
  const ended = useComputed(() => !lives(upload.value));
  return (
    <div role="row" class="live-row" data-standing={standing}>
      <div role="rowheader" class="live-file">
        <a href={href('live', id)} class="cut" title={name}>
          {name}
        </a>
        <span class="live-standing small">
          <span class="dot" />
          <span class="cut">{stands}</span>
        </span>
      </div>
      <div role="cell" class="live-owner">
        <span class="cut" title={owner}>
          {owner}
        </span>
        <span class="cut soft small">{dialectTitle(dialect)}</span>
      </div>
      <div role="cell" class="live-progress">
        <Bar upload={upload} />
        <span class="soft small">{received}</span>
      </div>
      <div role="cell" class="live-speed number">
        {rate}
      </div>
      <div role="cell" class="live-left number">
        {left}
      </div>
      <div role="cell" class="live-from">
        <span class="cut" title={from}>
          {from}
        </span>
        <span class="soft small">{live.since(shortMoment(createdAt, now.peek()))}</span>
      </div>
      <div role="cell" class="live-actions">
        <IconButton
          icon="close"
          label={live.cancelWhat(nameOf(upload.peek()))}
          disabled={ended.value}
          onClick={() => onCancel(upload.peek())}
        />
      </div>
    </div>
  );
});

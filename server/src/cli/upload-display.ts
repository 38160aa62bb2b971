import type { Writable } from 'node:stream';
import type { Progress } from '@longshore/client';
import { SingleBar } from 'cli-progress';
import { bytes } from './table.js';

/** Shows how far one upload is. */
export interface Display {
  show(progress: Progress): void;
  /** Something that happened on the way. */
  note(text: string): void;
  end(): void;
}

/** A duration for people: `45 s`, `12 min`, `3 h 20 min`. */
export const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const percent = ({ sent, total }: Progress): string =>
  total === null ? '' : ` (${total === 0 ? 100 : Math.floor((sent / total) * 100)}%)`;

/** Where an upload stands, in words. What went out and was not confirmed yet is told apart. */
export const words = (progress: Progress): string => {
  const { confirmed, sent, total, speed, eta } = progress;
  const parts = [`${bytes(sent)} of ${total === null ? '?' : bytes(total)}${percent(progress)}`];
  if (sent > confirmed) parts.push(`${bytes(confirmed)} confirmed`);
  if (speed > 0) parts.push(`${bytes(Math.round(speed))}/s`);
  if (eta !== null && eta > 0) parts.push(`${duration(eta)} left`);
  return parts.join(', ');
};

/** A bar that is drawn over and over on a terminal. */
export const bar = (name: string, stream: Writable): Display => {
  const single = new SingleBar({
    stream,
    format: '{name} [{bar}] {words}',
    barsize: 24,
    linewrap: true,
    gracefulExit: false,
  });
  single.start(1, 0, { name, words: '' });
  return {
    show: (progress) => {
      single.setTotal(Math.max(1, progress.total ?? progress.sent));
      single.update(progress.total === 0 ? 1 : progress.sent, { words: words(progress) });
    },
    note: (text) => single.update({ words: text }),
    end: () => single.stop(),
  };
};

// Often enough to see that it moves, seldom enough for a log.
const pause = 5_000;

/** A line now and then, for logs and pipes. */
export const lines = (name: string, say: (line: string) => void, now: () => number = Date.now): Display => {
  let next = now() + pause;
  let latest: Progress | undefined;
  return {
    show: (progress) => {
      latest = progress;
      if (now() < next) return;
      next = now() + pause;
      say(`${name}: ${words(progress)}`);
    },
    note: (text) => say(`${name}: ${text}`),
    end: () => {
      if (latest !== undefined) say(`${name}: ${words(latest)}`);
    },
  };
};

import { words } from './en.js';

const language = 'en-GB';
const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percentage = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
const dayAndTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
const dayOfYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
const timeOfDay = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });

/** A count: `12,345`. */
export const count = (value: number): string => whole.format(value);

/** A number of bytes: `512 B`, `3.5 MiB`, `120 GiB`. */
export const bytes = (value: number): string => {
  let rest = Math.max(0, value);
  let step = 0;
  // What would be rounded to 1,024 of a unit is 1.0 of the next.
  while (rest >= 1023.5 && step < steps.length - 1) {
    rest /= 1024;
    step += 1;
  }
  const number = step === 0 || rest >= 99.95 ? whole.format(rest) : oneDigit.format(rest);
  return `${number} ${steps[step]}`;
};

/** Bytes per second: `3.5 MiB/s`. */
export const speed = (bytesPerSecond: number): string => `${bytes(Math.round(bytesPerSecond))}/s`;

/** A share of 1: `42%`. It is 100% only when nothing is missing. */
export const percent = (share: number): string =>
  percentage.format(share >= 1 ? 1 : Math.min(0.99, Math.floor(Math.max(0, share) * 100) / 100));

/** How busy something is: `7%`, and `150%` for one and a half processors. */
export const load = (share: number): string => percentage.format(share);

/** A duration given in seconds: `45 s`, `12 min`, `3 h 20 min`, `4 days`. */
export const duration = (seconds: number): string => {
  const all = Math.max(0, Math.round(seconds));
  const { secondsOf, minutesOf, hoursOf, daysOf } = words.units;
  if (all < 60) return secondsOf(all);
  const minutes = Math.round(all / 60);
  if (minutes < 60) return minutesOf(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? hoursOf(hours) : `${hoursOf(hours)} ${minutesOf(minutes % 60)}`;
  return daysOf(Math.floor(hours / 24));
};

/** A moment (ms since 1970) in full: `21 Nov 2026, 19:39:55`. */
export const moment = (at: number): string => dayAndTime.format(at);

/** A moment as short as it stays clear at `now`: `19:39` today, `20 Nov 19:39` this year, `20 Nov 2025` before. */
export const shortMoment = (at: number, now: number): string => {
  const then = new Date(at);
  const today = new Date(now);
  if (then.getFullYear() !== today.getFullYear()) return day.format(at);
  if (then.toDateString() === today.toDateString()) return timeOfDay.format(at);
  return `${dayOfYear.format(at)} ${timeOfDay.format(at)}`;
};

/** The day of a moment: `20 Nov 2025`. */
export const date = (at: number): string => day.format(at);

/** The time of day of a moment: `19:39`. */
export const clock = (at: number): string => timeOfDay.format(at);

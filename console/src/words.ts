import type { Progress } from '@longshore/client';

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes for people: `3.5 MiB`. */
export const bytes = (count: number): string => {
  const power = count < 1024 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${steps[power]}`;
};

/** A duration for people: `45 s`, `12 min`, `3 h 20 min`, `4 days`. */
export const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
};

/** Where an upload stands, by what the server has confirmed. */
export const standing = ({ confirmed, total, speed, eta }: Progress): string =>
  [
    `${bytes(confirmed)} of ${total === null ? '?' : bytes(total)}`,
    ...(speed > 0 ? [`${bytes(Math.round(speed))}/s`] : []),
    ...(eta !== null && eta > 0 ? [`${duration(eta)} left`] : []),
  ].join(' · ');

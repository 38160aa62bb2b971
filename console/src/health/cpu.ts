import type { Health } from 'longshore/api';

/** Which share of one processor was used between two words of the server, 0 and up; null: too little time to tell. */
export const cpuShare = (before: Health, after: Health): number | null => {
  const seconds = (after.at - before.at) / 1000;
  return seconds < 0.5 ? null : Math.max(0, (after.cpuSeconds - before.cpuSeconds) / seconds);
};

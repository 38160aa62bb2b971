import type { Event } from 'longshore/api';

/** Which events are shown; an empty text: whatever it is. */
export interface EventFilter {
  readonly kind: Event['kind'] | 'all';
  readonly dialect: string;
  /** Found in the account or the upload's id. */
  readonly text: string;
}

/** Shows everything. */
export const noEventFilter: EventFilter = { kind: 'all', dialect: '', text: '' };

/** Whether the filter shows an event. */
export const eventFits = (event: Event, { kind, dialect, text }: EventFilter): boolean => {
  if (kind !== 'all' && event.kind !== kind) return false;
  if (dialect !== '' && event.dialect !== dialect) return false;
  const sought = text.trim().toLowerCase();
  return event.owner.toLowerCase().includes(sought) || event.upload.toLowerCase().includes(sought);
};

/** Whether events are missing between what was read and what happened since, of which `most` are kept. */
export const hasGap = (read: readonly Event[], happened: readonly Event[], most: number): boolean => {
  const oldest = happened.at(-1);
  const [newest] = read;
  return happened.length >= most && oldest !== undefined && newest !== undefined && newest.number < oldest.number;
};

/** What was read, page by page, and what happened since; each once, the newest first. */
export const joined = (read: readonly Event[], happened: readonly Event[]): readonly Event[] => {
  const all = new Map([...happened, ...read].map((event) => [event.number, event]));
  return [...all.values()].sort((a, b) => b.number - a.number);
};

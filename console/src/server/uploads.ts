import { batch, type Signal, signal } from '@preact/signals';
import type { Upload } from 'longshore/api';

/** Uploads that live, each watched by itself: a change of one redraws that one. */
export interface LiveUploads {
  /** By id, in the order in which they were told. Those that ended stay until they are swept. */
  readonly byId: ReadonlyMap<string, Signal<Upload>>;
  /** Rises whenever an upload comes, ends or goes. */
  readonly changes: Signal<number>;
  /** Rises with everything that is told. */
  readonly pulse: Signal<number>;
  /** Everything anew: what is not among `uploads` is gone. */
  replace(uploads: readonly Upload[]): void;
  /** What changed. */
  merge(uploads: readonly Upload[]): void;
  /** Takes away those that have ended. */
  sweep(): void;
}

/** Whether an upload still goes on. */
export const lives = ({ state }: Upload): boolean => state === 'open' || state === 'sealed';

/** An empty set of live uploads. */
export const liveUploads = (): LiveUploads => {
  const byId = new Map<string, Signal<Upload>>();
  const changes = signal(0);
  const pulse = signal(0);
  const put = (upload: Upload): boolean => {
    const known = byId.get(upload.id);
    if (known === undefined) {
      // One that was never shown is not shown for having ended.
      if (!lives(upload)) return false;
      byId.set(upload.id, signal(upload));
      return true;
    }
    const ended = lives(known.peek()) !== lives(upload);
    known.value = upload;
    return ended;
  };
  const changed = (is: boolean): void => {
    pulse.value += 1;
    if (is) changes.value += 1;
  };
  return {
    byId,
    changes,
    pulse,
    replace: (uploads) =>
      batch(() => {
        const told = new Set(uploads.map(({ id }) => id));
        const gone = [...byId.keys()].filter((id) => !told.has(id));
        for (const id of gone) byId.delete(id);
        const came = uploads.map(put).includes(true);
        changed(came || gone.length > 0);
      }),
    merge: (uploads) => batch(() => changed(uploads.map(put).includes(true))),
    sweep: () => {
      const ended = [...byId].filter(([, upload]) => !lives(upload.peek()));
      for (const [id] of ended) byId.delete(id);
      changed(ended.length > 0);
    },
  };
};

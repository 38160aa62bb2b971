import { useEffect, useState } from 'preact/hooks';
import { returns } from './stream.js';

/** What was asked for: not there yet, there, or refused. What was there before stays in sight while it is asked for anew. */
export interface Loaded<Answer> {
  readonly data: Answer | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
  /** Asks anew. */
  reload(): void;
  /** Puts something else in its place, as after a change. */
  put(next: Answer): void;
}

/** Asks when the component appears, and anew whenever `key` changes or the server is back; the answer to an old question is dropped. */
export const useLoad = <Answer>(ask: () => Promise<Answer>, key: string): Loaded<Answer> => {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key: string; data?: Answer; error?: Error; loading: boolean }>({
    key,
    loading: true,
  });
  useEffect(() => {
    let wanted = true;
    setState((before) => (before.key === key ? { ...before, loading: true } : { key, loading: true }));
    ask().then(
      (data) => wanted && setState({ key, data, loading: false }),
      (error: unknown) =>
        wanted &&
        setState((before) => ({
          ...before,
          error: error instanceof Error ? error : new Error(String(error)),
          loading: false,
        })),
    );
    return () => {
      wanted = false;
    };
  }, [key, turn, returns.value]);
  const known = state.key === key;
  return {
    data: known ? state.data : undefined,
    error: known ? state.error : undefined,
    loading: !known || state.loading,
    reload: () => setTurn(turn + 1),
    put: (data) => setState({ key, data, loading: false }),
  };
};

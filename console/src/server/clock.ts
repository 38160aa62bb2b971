import { signal } from '@preact/signals';

// What this browser's clock is behind the server's, in ms.
let behind = 0;

/** The server's clock, in ms since 1970; it moves once a second. */
export const now = signal(Date.now());

/** Sets the clock by what the server said just now. */
export const setClock = (at: number): void => {
  behind = at - Date.now();
  if (Math.abs(now.peek() - at) > 2000) now.value = at;
};

/** Starts the clock. */
export const runClock = (): void => {
  setInterval(() => {
    now.value = Date.now() + behind;
  }, 1000);
};

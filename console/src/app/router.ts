import { computed, signal } from '@preact/signals';

/** Where the page is: `#/files/12` is the screen `files` with the rest `['12']`. */
export interface Route {
  readonly screen: string;
  readonly rest: readonly string[];
}

/** A route of the part of an address that follows `#`. What cannot be read is taken as it stands. */
export const toRoute = (hash: string): Route => {
  const [screen = '', ...rest] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  return { screen, rest };
};

/** The address of a route within the page: `#/files/12`. */
export const href = (screen: string, ...rest: readonly (string | number)[]): string =>
  `#/${[screen, ...rest].map((part) => encodeURIComponent(part)).join('/')}`;

const hash = signal(globalThis.location?.hash ?? '');

/** Where the page is now. */
export const route = computed(() => toRoute(hash.value));

/** Whether somebody moved since the page was opened. */
export const moved = signal(false);

/** Follows the address from now on. */
export const followAddress = (): void => {
  addEventListener('hashchange', () => {
    const before = route.peek().screen;
    hash.value = location.hash;
    if (route.peek().screen !== before) moved.value = true;
  });
};

/** Goes to a route; `replace` leaves no step to go back to. */
export const go = (address: string, { replace = false }: { readonly replace?: boolean } = {}): void => {
  if (!replace) location.hash = address;
  else {
    history.replaceState(null, '', address);
    hash.value = address;
  }
};

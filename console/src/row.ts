import { type Upload, UploadError, upload } from '@longshore/client';
import type { Account } from './account.js';
import { announce, button, copyButton, make } from './dom.js';
import { forget, recall, remember } from './memory.js';
import type { Queue } from './queue.js';
import { bytes, duration, standing } from './words.js';

/** What a row needs of the page. */
export interface Surroundings {
  readonly endpoint: string;
  readonly queue: Queue;
  readonly account: () => Account;
  /** The server did not take the account. */
  readonly refused: (why: string) => void;
  /** Something was remembered or forgotten. */
  readonly changed: () => void;
}

/** One file on its way up. */
export interface Row {
  readonly element: HTMLLIElement;
  readonly busy: () => boolean;
}

// Confirmed bytes rise about once in so many ms, whatever the line.
const pace = 700;

// A browser that may use its own credentials meets a 401 with a login dialog of its own.
const withoutDialog: typeof fetch = (input, init) => fetch(input, { ...init, credentials: 'omit' });

/** Shows a file and uploads it. */
export const row = (file: File, { endpoint, queue, account, refused, changed }: Surroundings): Row => {
  const bar = make('progress', { label: `Upload of ${file.name}` });
  bar.max = Math.max(1, file.size);
  bar.value = 0;
  const words = make('p', { className: 'standing', text: bytes(file.size) });
  const actions = make('div', { className: 'actions' });
  const title = make('div', { className: 'title' }, make('strong', { text: file.name }), actions);
  const element = make('li', { className: 'card' }, title, bar, words);
  let current: Upload | undefined;
  let leave = (): void => undefined;
  let busy = false;
  let dismissed = false;

  const show = (state: string, text: string, ...buttons: readonly HTMLButtonElement[]): void => {
    const focused = actions.contains(document.activeElement);
    element.dataset.state = state;
    words.textContent = text;
    actions.replaceChildren(...buttons);
    if (focused) buttons[0]?.focus();
  };
  const dismiss = (): void => {
    dismissed = true;
    element.remove();
    changed();
  };
  const again = (): HTMLButtonElement => button('Try again', `Try ${file.name} again`, start);
  const remove = (): HTMLButtonElement => button('Remove', `Remove ${file.name} from the list`, dismiss);

  const cancel = (): void => {
    const cancelled = current?.cancel() ?? Promise.resolve();
    forget(file);
    show('ended', 'Cancelling …');
    cancelled
      .then(
        () => show('ended', 'Cancelled', again(), remove()),
        (error) => show('failed', `Cancelled here, but the server kept it: ${error.message}`, remove()),
      )
      .finally(() => {
        forget(file);
        changed();
        announce(`${file.name}: cancelled`);
      });
  };
  const cancelButton = (): HTMLButtonElement => button('Cancel', `Cancel ${file.name}`, cancel);
  const showRunning = (): void => {
    const pause = button('Pause', `Pause ${file.name}`, () => {
      current?.pause();
      // Others may use the line meanwhile.
      leave();
      showPaused();
    });
    show('running', current === undefined ? 'Starting …' : standing(current.progress), pause, cancelButton());
  };
  const goOn = async (): Promise<void> => {
    show('waiting', 'Waiting for its turn', cancelButton());
    const end = await queue.enter();
    if (!busy) return end();
    leave = end;
    current?.resume();
    showRunning();
  };
  const showPaused = (): void => {
    const resume = button('Resume', `Resume ${file.name}`, () => {
      goOn().catch((error: unknown) => show('failed', String(error), remove()));
    });
    show('paused', `Paused at ${bytes(bar.value)} of ${bytes(file.size)}`, resume, cancelButton());
  };

  const begin = (state: unknown): Upload => {
    try {
      return upload('tus', file, {
        ...account(),
        url: endpoint,
        fetch: withoutDialog,
        state,
        pace,
        onState: (next) => remember(file, next),
        onProgress: (progress) => {
          bar.value = file.size === 0 ? 1 : progress.confirmed;
          if (element.dataset.state === 'running') words.textContent = standing(progress);
        },
        onRetry: ({ message }, wait) => {
          if (element.dataset.state === 'running')
            words.textContent = `${message} Trying again in ${duration(wait / 1000)}.`;
        },
      });
    } catch (error) {
      // What was remembered belongs to another server, or to a time before this one.
      if (state === undefined || !(error instanceof UploadError) || error.kind !== 'changed') throw error;
      return begin(undefined);
    }
  };

  const run = async (): Promise<void> => {
    busy = true;
    show('waiting', 'Waiting for its turn', remove());
    leave = await queue.enter();
    if (dismissed) return leave();
    try {
      current = begin(recall(file));
      showRunning();
      const { url } = await current.done;
      forget(file);
      bar.value = bar.max;
      const copy = url === undefined ? [] : [copyButton(url, `the address of ${file.name}`)];
      show('done', `${bytes(file.size)} · all confirmed`, ...copy, remove());
      announce(`${file.name}: uploaded`);
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      if (error.kind === 'aborted') return;
      show('failed', error.message, again(), remove());
      announce(`${file.name}: failed`);
      if (error.status === 401) refused('The server did not accept this account.');
    } finally {
      busy = false;
      leave();
      changed();
    }
  };
  const start = (): void => {
    run().catch((error: unknown) => show('failed', String(error), remove()));
  };

  start();
  return { element, busy: () => busy };
};

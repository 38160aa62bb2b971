import { effect, signal } from '@preact/signals';
import { about } from '../server/about.js';
import { api } from '../server/api.js';
import { findSession, session, uploadKey } from '../server/session.js';
import { openJournal } from './journal.js';
import { endpointsOf } from './protocols.js';
import type { Server } from './run.js';
import { openTab } from './tabs.js';
import { openUploader, type Uploader } from './uploader.js';
import { watchNetwork } from './waits.js';

/** The uploader of this tab; null until it has seen what was left here before. */
export const uploader = signal<Uploader | null>(null);

/** Resolves to it: who chooses files at once waits for it. */
export const uploaderOpened = (): Promise<Uploader> =>
  new Promise((resolve) => {
    const stop = uploader.subscribe((opened) => {
      if (opened === null) return;
      // The subscription is not there yet while it is told of what is.
      queueMicrotask(() => stop());
      resolve(opened);
    });
  });

const server: Server = {
  credentials: async () => ({ account: session.peek()?.account ?? '', key: await uploadKey() }),
  endpoint: (protocol) => endpointsOf(about.peek(), new URL(location.href))[protocol],
  renew: async () => {
    await findSession();
    return session.peek() !== null;
  },
};

/** Keeps the browser from leaving the page for a file that is dropped where no screen takes it. */
const guardDrops = (): void => {
  const guard = (event: DragEvent): void => {
    const { dataTransfer, defaultPrevented } = event;
    if (defaultPrevented || !dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    dataTransfer.dropEffect = 'none';
  };
  // After what a screen does about it, which hears of it at the document.
  addEventListener('dragover', guard);
  addEventListener('drop', guard);
};

/** Begins to look after uploads: those of whoever is logged in, on whatever screen they are. */
export const startUploader = async (): Promise<void> => {
  const [journal, tab] = await Promise.all([openJournal(), openTab()]);
  const opened = openUploader({ journal, tab, server, limits: api.limits });
  guardDrops();
  watchNetwork({ back: opened.reconnect, seen: opened.hurry });
  addEventListener('beforeunload', (event) => {
    if (opened.needsPage) event.preventDefault();
  });
  effect(() => {
    const account = session.value?.account ?? null;
    opened.use(account).then(
      () => {
        uploader.value = opened;
      },
      () => {
        // What was left before cannot be read; new uploads go all the same.
        uploader.value = opened;
      },
    );
  });
};

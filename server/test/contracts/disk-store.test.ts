import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskStore } from '../../src/stores/disk/store.js';
import { storeContract } from './store.js';

storeContract('disk', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'longshore-'));
  // Few open files, so that closing and opening again is a part of every test.
  const open = () => openDiskStore({ dir, minFreeBytes: 0, openFiles: 4 });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    end: async () => {
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
});

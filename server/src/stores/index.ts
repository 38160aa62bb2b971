import { diskStoreOptions, openDiskStore } from './disk/store.js';
import { memoryStoreOptions, openMemoryStore } from './memory/store.js';

/** Every store by its name: its options and how to open it. */
export const disk = { options: diskStoreOptions, open: openDiskStore };
export const memory = { options: memoryStoreOptions, open: openMemoryStore };

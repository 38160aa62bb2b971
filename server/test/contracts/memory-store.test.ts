import { openMemoryStore } from '../../src/stores/memory/store.js';
import { storeContract } from './store.js';

storeContract('memory', async () => {
  const store = await openMemoryStore();
  return { store, reopen: async () => store, end: () => store.close() };
});

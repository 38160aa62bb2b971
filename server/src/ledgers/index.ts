import { openMemoryLedger } from './memory/ledger.js';

/** Every ledger by its name: its options and how to open it. */
export const memory = { options: {}, open: openMemoryLedger };

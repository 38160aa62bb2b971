import { openMemoryLedger } from './memory/ledger.js';
import { openSqliteLedger, sqliteLedgerOptions } from './sqlite/ledger.js';

/** Every ledger by its name: its options and how to open it. */
export const memory = { options: {}, open: openMemoryLedger };
export const sqlite = { options: sqliteLedgerOptions, open: openSqliteLedger };

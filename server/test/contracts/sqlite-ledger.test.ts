import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger } from '../../src/ledgers/sqlite/ledger.js';
import { ledgerContract } from './ledger.js';

ledgerContract('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  const open = () => openSqliteLedger({ file: join(folder, 'ledger.db'), checkpointBytes: 2 ** 20 });
  let ledger = await open();
  return {
    ledger,
    reopen: async () => {
      await ledger.close();
      ledger = await open();
      return ledger;
    },
    end: async () => {
      await ledger.close();
      await rm(folder, { recursive: true });
    },
  };
});

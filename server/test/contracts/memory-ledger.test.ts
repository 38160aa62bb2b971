import { openMemoryLedger } from '../../src/ledgers/memory/ledger.js';
import { ledgerContract } from './ledger.js';

ledgerContract('memory', async () => {
  const ledger = await openMemoryLedger();
  return { ledger, reopen: async () => ledger, end: () => ledger.close() };
});

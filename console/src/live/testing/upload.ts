import type { Upload } from 'longshore/api';

/** An upload for tests: half of 1,000 bytes are there, and 100 more come each second. */
export const madeUpload = (facts: Partial<Upload> = {}): Upload => ({
  id: 'u1',
  dialect: 'tus',
  owner: 'alice',
  state: 'open',
  name: 'lake.png',
  size: 1000,
  received: 500,
  from: '192.0.2.1',
  bytesPerSecond: 100,
  createdAt: 1_000_000,
  touchedAt: 1_000_000,
  endedAt: null,
  expiresAt: null,
  ...facts,
});

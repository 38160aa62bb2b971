import type { Health } from 'longshore/api';
import { expect, test } from 'vitest';
import { cpuShare } from './cpu.js';

const health = (at: number, cpuSeconds: number): Health => ({
  at,
  cpuSeconds,
  ready: true,
  failing: [],
  node: 'v20',
  startedAt: 0,
  room: null,
  memory: { rss: 0, heapUsed: 0 },
  openUploads: 0,
  jobs: { waiting: 0, running: 0, failed: 0 },
  watchers: 0,
});

test('the share is of the time between; too little time tells nothing', () => {
  expect(cpuShare(health(0, 10), health(2000, 11))).toBe(0.5);
  expect(cpuShare(health(0, 10), health(1000, 12))).toBe(2);
  expect(cpuShare(health(0, 10), health(100, 10))).toBeNull();
});

test('a server that began anew has used nothing', () => {
  expect(cpuShare(health(0, 500), health(2000, 1))).toBe(0);
});

import { expect, test } from 'vitest';
import type { EventKind, UploadEvent } from '../../engine/events.js';
import type { Upload } from '../../engine/upload.js';
import { prometheusMetrics } from './prometheus.js';

const upload: Upload = {
  id: 'u1',
  dialect: 'tus',
  owner: 'ann',
  state: 'open',
  size: 10,
  maxSize: null,
  received: 0,
  contiguous: 0,
  declared: {},
  digests: {},
  metadata: null,
  group: null,
  expiry: null,
  tier: 'durable',
  reserved: 10,
  createdAt: 0,
  touchedAt: 0,
  endedAt: null,
  object: null,
  result: null,
};
const event = (kind: EventKind, bytes = 0): UploadEvent => ({ kind, at: 0, upload, bytes, from: null });

test('requests are counted by route and class of status', async () => {
  const metrics = prometheusMetrics({ process: false });
  metrics.observeRequest({ route: 'tus PATCH', status: 204, ms: 30, bytesIn: 1000, bytesOut: 0 });
  metrics.observeRequest({ route: 'tus PATCH', status: 200, ms: 30, bytesIn: 24, bytesOut: 5 });
  metrics.observeRequest({ route: 'tus PATCH', status: 409, ms: 1, bytesIn: 0, bytesOut: 0 });
  const { type, text } = await metrics.render();
  expect(type).toContain('text/plain');
  const lines = text.split('\n');
  expect(lines).toContain('longshore_http_requests_total{route="tus PATCH",status="2xx"} 2');
  expect(lines).toContain('longshore_http_requests_total{route="tus PATCH",status="4xx"} 1');
  expect(lines).toContain('longshore_http_received_bytes_total{route="tus PATCH"} 1024');
  expect(lines).toContain('longshore_http_sent_bytes_total{route="tus PATCH"} 5');
  expect(lines).toContain('longshore_http_request_seconds_bucket{le="0.02",route="tus PATCH"} 1');
  expect(lines).toContain('longshore_http_request_seconds_count{route="tus PATCH"} 3');
});

test('uploads are counted by dialect and event, bytes as they become durable', async () => {
  const metrics = prometheusMetrics({ process: false });
  for (const each of [event('opened'), event('progressed', 4), event('progressed', 6), event('finished')])
    metrics.hear(each);
  const lines = (await metrics.render()).text.split('\n');
  expect(lines).toContain('longshore_uploads_total{dialect="tus",event="opened"} 1');
  expect(lines).toContain('longshore_uploads_total{dialect="tus",event="finished"} 1');
  expect(lines).toContain('longshore_upload_bytes_total{dialect="tus"} 10');
});

test('live uploads are asked for at each scrape', async () => {
  let live: Record<string, number> = { tus: 2, s3: 1 };
  const metrics = prometheusMetrics({ process: false, live: async () => live });
  expect((await metrics.render()).text).toContain('longshore_uploads_live{dialect="s3"} 1');
  live = { tus: 3 };
  const { text } = await metrics.render();
  expect(text).toContain('longshore_uploads_live{dialect="tus"} 3');
  expect(text).not.toContain('s3');
});

test('the process is told as well, and two metrics do not mix', async () => {
  const [one, two] = [prometheusMetrics(), prometheusMetrics()];
  one.hear(event('opened'));
  expect((await one.render()).text).toContain('process_cpu_seconds_total');
  expect((await two.render()).text).not.toContain('event="opened"');
});

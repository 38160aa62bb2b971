import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { UploadEvent } from '../../engine/events.js';
import type { Metrics } from './metrics.js';

/** Metrics that also hear the engine's events: `engine.listen(metrics.hear)`. */
export interface PrometheusMetrics extends Metrics {
  hear(event: UploadEvent): void;
}

export interface MetricsSpec {
  /** How many uploads are open or sealed now, by dialect; asked at each scrape, so that restarts do not blur it. */
  readonly live?: () => Promise<Readonly<Record<string, number>>>;
  /** Whether memory, CPU and event loop of the process are told as well; yes if not said. */
  readonly process?: boolean;
}

/** Seconds, from an answered look to a chunk on a slow line. */
const durations = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];

/** Makes metrics with a registry of their own, so that two servers in one process do not mix theirs. */
export const prometheusMetrics = (spec: MetricsSpec = {}): PrometheusMetrics => {
  const registry = new Registry();
  const registers = [registry];
  if (spec.process !== false) collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'longshore_http_requests_total',
    help: 'Answered requests by route and class of status.',
    labelNames: ['route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'longshore_http_request_seconds',
    help: 'How long requests took, from their headers to the end of their answer.',
    labelNames: ['route'],
    buckets: durations,
    registers,
  });
  const received = new Counter({
    name: 'longshore_http_received_bytes_total',
    help: 'Bytes of request bodies that were read.',
    labelNames: ['route'],
    registers,
  });
  const sent = new Counter({
    name: 'longshore_http_sent_bytes_total',
    help: 'Bytes of answer bodies.',
    labelNames: ['route'],
    registers,
  });
  const events = new Counter({
    name: 'longshore_uploads_total',
    help: 'Uploads that were opened, finished, cancelled, expired or corrupted.',
    labelNames: ['dialect', 'event'],
    registers,
  });
  const accepted = new Counter({
    name: 'longshore_upload_bytes_total',
    help: 'Bytes of uploads that became durable.',
    labelNames: ['dialect'],
    registers,
  });
  const { live } = spec;
  if (live)
    new Gauge({
      name: 'longshore_uploads_live',
      help: 'Uploads that are not at their end.',
      labelNames: ['dialect'],
      registers,
      async collect() {
        const counts = await live();
        this.reset();
        for (const [dialect, count] of Object.entries(counts)) this.set({ dialect }, count);
      },
    });

  // Finding a label's counter hashes its labels; a request looks its route's up once and adds.
  const ofRoute = (route: string) => ({
    statuses: new Map<number, Counter.Internal>(),
    seconds: seconds.labels({ route }),
    received: received.labels({ route }),
    sent: sent.labels({ route }),
  });
  const routes = new Map<string, ReturnType<typeof ofRoute>>();

  return {
    observeRequest: ({ route, status, ms, bytesIn, bytesOut }) => {
      let known = routes.get(route);
      if (!known) {
        known = ofRoute(route);
        routes.set(route, known);
      }
      const hundreds = Math.floor(status / 100);
      let count = known.statuses.get(hundreds);
      if (!count) {
        count = requests.labels({ route, status: `${hundreds}xx` });
        known.statuses.set(hundreds, count);
      }
      count.inc();
      known.seconds.observe(ms / 1000);
      if (bytesIn > 0) known.received.inc(bytesIn);
      if (bytesOut > 0) known.sent.inc(bytesOut);
    },
    hear: ({ kind, upload, bytes }) => {
      const { dialect } = upload;
      if (bytes > 0) accepted.inc({ dialect }, bytes);
      if (kind !== 'progressed') events.inc({ dialect, event: kind });
    },
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
};

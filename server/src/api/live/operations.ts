import { type Operation, operation } from '../operation.js';
import { Health, Throughput } from '../shapes/index.js';
import { healthOf } from './health.js';
import { stream } from './stream.js';

/** What goes on in the server. */
export const liveOperations: readonly Operation[] = [
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/stream',
      tag: 'live',
      summary:
        'What goes on, as server-sent events: all at first, then what changes. Administrators are told of everybody, others of their own.',
      answer: 'text/event-stream',
    },
    stream,
  ),
  operation(
    {
      access: 'admin',
      method: 'GET',
      path: '/throughput',
      tag: 'live',
      summary: 'How many bytes became durable through this server in the past hour, by protocol.',
      answer: Throughput,
    },
    async ({ host }) => host.live.throughput(),
  ),
  operation(
    { access: 'admin', method: 'GET', path: '/health', tag: 'live', summary: 'How the server is.', answer: Health },
    async ({ host }) => healthOf(host, host.live),
  ),
];

import { type Operation, operation } from '../operation.js';
import { About } from '../shapes/index.js';

/** What the server is. */
export const aboutOperations: readonly Operation[] = [
  operation(
    {
      access: 'anybody',
      method: 'GET',
      path: '/about',
      tag: 'server',
      summary: 'Who answers here, and what it offers: protocols with their addresses and samples.',
      answer: About,
    },
    async ({ host, exchange }) => ({
      name: host.name,
      version: host.version,
      uptimeSeconds: Math.floor((host.clock.now() - host.startedAt) / 1000),
      dialects: [...host.dialects(exchange.origin)],
    }),
  ),
];

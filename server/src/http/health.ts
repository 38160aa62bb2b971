import { timingSafeEqual } from 'node:crypto';
import { json, text } from './answers.js';
import type { Exchange, Route } from './exchange.js';

/** Things that must be well before the server should get requests; each throws when it is not. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

/** Longest time a check may take, in ms. */
const checkMs = 5_000;

const passes = async (check: () => Promise<void>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), checkMs);
  });
  try {
    await Promise.race([check(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
};

/** Names of the checks that fail, or take too long. */
export const failingOf = async (checks: Checks): Promise<string[]> => {
  const results = await Promise.all(Object.values(checks).map(passes));
  return Object.keys(checks).filter((_, index) => results[index] === false);
};

/**
 * `/healthz`: the process answers. `/readyz`: it should get requests, 503 where a check fails (it says which, not why)
 * or while it drains.
 */
export const healthRoutes = (checks: Checks, draining: () => boolean): Route[] => [
  { name: 'healthz', methods: ['GET'], path: '/healthz', handle: async () => text(200, 'ok') },
  {
    name: 'readyz',
    methods: ['GET'],
    path: '/readyz',
    handle: async () => {
      const failing = [...(draining() ? ['draining'] : []), ...(await failingOf(checks))];
      return json(failing.length === 0 ? 200 : 503, { ready: failing.length === 0, failing });
    },
  },
];

const sameText = (a: string, b: string) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** `/metrics`, in whatever form `render` gives; asks for `token` as a bearer token where there is one. */
export const metricsRoute = (render: () => Promise<{ type: string; text: string }>, token: string | null): Route => ({
  name: 'metrics',
  methods: ['GET'],
  path: '/metrics',
  handle: async ({ headers }: Exchange) => {
    if (token !== null && !sameText(headers.authorization ?? '', `Bearer ${token}`))
      return text(401, 'The metrics ask for a bearer token.', { 'www-authenticate': 'Bearer' });
    const rendered = await render();
    return { status: 200, headers: { 'content-type': rendered.type }, body: rendered.text };
  },
});

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { brightsign } from '../../src/dialects/brightsign/dialect.js';
import { restRoutes } from '../../src/dialects/brightsign/rest/routes.js';
import { openTokens } from '../../src/dialects/brightsign/rest/tokens.js';
import { defaultsOf } from '../../src/kit/options.js';
import { type Server, serve } from '../memory-server.js';

let server: Server;
beforeEach(async () => {
  server = await serve({ dialect: brightsign });
});
afterEach(() => server.close());

test('docs/brightsign.md has every route of the REST API, and no other', async () => {
  const page = await readFile(new URL('../../../docs/brightsign.md', import.meta.url), 'utf8');
  const [section = ''] = (page.split('\n## REST\n')[1] ?? '').split('\n## ');
  const written = [...section.matchAll(/^\| `([A-Z]+) ([^`?]+)[^`]*` \| served \|/gm)].map(
    ([, method, path = '']) =>
      `${method} ${path.replace('…', '/Upload/:year/:month/REST').replace('/2020/07/', '/:year/:month/').replace('{s}', ':session').replace('{u}', ':upload').replace(/\/$/, '')}`,
  );
  const options = defaultsOf(brightsign.options);
  const { host } = server;
  const routes = restRoutes({ host, options, tokens: openTokens(host, options) }).flatMap(({ methods, path }) =>
    methods.map((method) => `${method} ${path}`),
  );
  // `GET` of the tokens' address is told in the row of `POST`; that of a lone file is the session `None`'s.
  const named = new Set(written.map((each) => each.replace('/None/', '/:session/')));
  expect([...named, 'GET /:year/:month/REST/Token'].sort()).toEqual(routes.sort());
});

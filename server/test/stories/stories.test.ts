import { describe, expect, it } from 'vitest';
import * as dialects from '../../src/dialects/index.js';
import type { Server } from '../memory-server.js';
import { api2convertTelling } from './api2convert.js';
import { brightsignTelling } from './brightsign.js';
import { foursharedTelling } from './fourshared.js';
import { inforouterTelling } from './inforouter.js';
import { interfaxTelling } from './interfax.js';
import { stories } from './stories.js';
import type { DialectName, Telling } from './story.js';
import { tusTelling } from './tus.js';

/** A dialect without one is a type error. */
const tellings: Readonly<Record<DialectName, Telling>> = {
  api2convert: api2convertTelling,
  tus: tusTelling,
  brightsign: brightsignTelling,
  inforouter: inforouterTelling,
  fourshared: foursharedTelling,
  interfax: interfaxTelling,
};

const names = Object.keys(dialects).sort() as DialectName[];

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

/** What is in the catalog, the oldest file first. */
const filed: NonNullable<Telling['objects']> = async ({ host: { ledger, catalog } }) => {
  const files = await ledger.read((facts) => catalog.recent(facts));
  return files.map(({ versions: [version] }) => version).reverse();
};

/** What is in each of the objects that uploads became. */
const contentsOf = async (server: Server, { objects = filed }: Telling): Promise<string[]> => {
  const found = await objects(server);
  return Promise.all(
    found.map(({ object, size }) => collect(server.host.engine.readObject(object, { start: 0, end: size }))),
  );
};

/** Bytes that uploads without a file still count. */
const bytesLeftOf = async ({ host: { engine } }: Server): Promise<number> => {
  const ended = await engine.list({ states: ['cancelled', 'expired', 'corrupt'] });
  return ended.reduce((sum, { received }) => sum + received, 0);
};

it('every dialect has a teller, and every story a row for it, or a reason why it cannot be told', () => {
  expect(Object.keys(tellings).sort()).toEqual(names);
  for (const { name, expected } of stories) {
    expect(Object.keys(expected).sort(), name).toEqual(names);
    for (const row of Object.values(expected)) if ('cannot' in row) expect(row.cannot, name).toMatch(/^\w+ .+[^.]$/);
  }
});

describe.each(names)('%s', (dialect) => {
  const telling = tellings[dialect];
  for (const { name, tell, expected } of stories) {
    const row = expected[dialect];
    if ('cannot' in row) continue;
    it(name, async () => {
      const server = await telling.serve();
      try {
        const answers = await tell(telling.teller(server, 'alice'), telling.teller(server, 'bob'));
        expect(answers).toEqual(row.answers);
        expect(await contentsOf(server, telling)).toEqual(row.files);
        expect(await bytesLeftOf(server)).toBe(0);
      } finally {
        await server.close();
      }
    });
  }
});

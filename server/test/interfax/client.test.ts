import { type UploadState, upload } from '@longshore/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { atOnce } from '../../../client/src/testing/server.js';
import type { Fax } from '../../src/dialects/interfax/faxes/fax.js';
import { findFax } from '../../src/dialects/interfax/faxes/records.js';
import { type FaultProxy, faultProxy } from '../fault-proxy.js';
import { cancelBegun, leaveAndGoOn } from '../left-uploads.js';
import { bytesOf, eachWithServer, server } from './calls.js';

const text = 'A page of a fax. '.repeat(60_000);
const file = new File([text], 'letter & more.txt', { lastModified: Date.UTC(2026, 0, 1) });

eachWithServer();

let proxy: FaultProxy;
beforeEach(async () => {
  proxy = await faultProxy(server.port);
});
afterEach(() => proxy.close());

const options = () => ({
  url: `${proxy.url}/`,
  user: 'alice',
  password: 'secret',
  chunkSize: 262_144,
  fax: '+44 20 7946 0123',
});

const faxes = async (): Promise<readonly Fax[]> =>
  server.host.ledger.read(async (facts) => {
    const found = await Promise.all(Array.from({ length: 20 }, (_, index) => findFax(facts, index + 1)));
    return found.filter((fax) => fax !== undefined);
  });

/** The one fax that there is, and what it says. */
const theFax = async (): Promise<{ fax: Fax; said: string }> => {
  const [fax, ...others] = await faxes();
  const [document, ...more] = fax?.documents ?? [];
  if (!fax || !document) throw new Error('no fax');
  expect([others, more]).toEqual([[], []]);
  return { fax, said: await bytesOf(server, document) };
};

test('a file is uploaded and faxed', async () => {
  const more = { contact: 'Ann', reference: 'R 1', pageSize: 'Letter', resolution: 'Fine' } as const;
  const { contentId, size, url } = await upload('interfax', file, { ...options(), ...more }).done;
  expect({ contentId, size }).toEqual({ contentId: '1', size: text.length });
  expect(url).toMatch(/\/outbound\/faxes\/1$/);
  const { fax, said } = await theFax();
  expect(said === text).toBe(true);
  expect(fax).toMatchObject({
    recipient: { number: '00442079460123', contact: 'Ann' },
    settings: { subject: 'R 1', pageSize: 'Letter', resolution: 'Fine' },
  });
});

test('a stream is uploaded when its length is known', async () => {
  await upload('interfax', new Blob([text]).stream(), { ...options(), fileName: 'a.txt' }).done;
  expect((await theFax()).said === text).toBe(true);
});

test('cuts in the middle cost no byte and make no second fax, whichever answer is lost', async () => {
  const faults = (['cut', 'lose-answer'] as const).flatMap((kind) =>
    [100, 300_000, 600_000, 1_020_000].map((after) => ({ kind, after })),
  );
  for (const fault of faults) {
    proxy.order(fault);
    await upload('interfax', file, { ...options(), reference: `${fault.kind}-${fault.after}`, retry: atOnce }).done;
  }
  expect(proxy.happened()).toBe(faults.length);
  const made = await faxes();
  expect(made.map(({ settings }) => settings.subject)).toEqual(faults.map(({ kind, after }) => `${kind}-${after}`));
  for (const { documents } of made)
    for (const document of documents) expect((await bytesOf(server, document)) === text).toBe(true);
});

test('a fax whose answer was lost is found again', async () => {
  let lost = 0;
  const losing: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (!/\/outbound\/faxes\?/.test(String(input)) || lost > 0) return answer;
    lost += 1;
    throw new TypeError('the connection is gone');
  };
  const { contentId } = await upload('interfax', file, { ...options(), fetch: losing, retry: atOnce }).done;
  expect({ contentId, lost, made: (await faxes()).length }).toEqual({ contentId: '1', lost: 1, made: 1 });
});

test('also by another run, from what is remembered', async () => {
  let state: UploadState | undefined;
  const dying: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (/\/outbound\/faxes\?/.test(String(input))) throw new TypeError('the power is gone');
    return answer;
  };
  const remember = {
    onState: (now: UploadState) => {
      state = now;
    },
  };
  await expect(
    upload('interfax', file, { ...options(), ...remember, fetch: dying, retries: 0 }).done,
  ).rejects.toThrow();
  const { contentId } = await upload('interfax', file, { ...options(), state }).done;
  expect({ contentId, made: (await faxes()).length }).toEqual({ contentId: '1', made: 1 });
});

test('an upload that was left goes on from what the server holds', async () => {
  await leaveAndGoOn((more) => upload('interfax', file, { ...options(), ...more }));
  expect((await theFax()).said === text).toBe(true);
});

test('a cancelled upload is dropped on the server', async () => {
  await cancelBegun(upload('interfax', file, options()));
  expect(await server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
  expect(await faxes()).toEqual([]);
});

test('a type that cannot be faxed, no number and a wrong password are refused in the server’s words', async () => {
  const refused = (more: object) => expect(upload('interfax', file, { ...options(), ...more }).done).rejects;
  await refused({ fileName: 'film.mov' }).toThrow('Documents of this type cannot be faxed');
  await refused({ fax: 'nobody' }).toThrow('No valid recipients');
  await refused({ password: 'wrong' }).toThrow('Authentication failed');
  const long = new File([new Uint8Array(20 * 2 ** 20 + 1)], 'a.txt');
  await expect(upload('interfax', long, options()).done).rejects.toThrow('There is more data than allowed');
});

import { expect, test, vi } from 'vitest';
import type { Choice } from './gather.js';
import { type Kept, toKept } from './item.js';
import { item } from './testing/item.js';
import { openUploader } from './uploader.js';

const target = { protocol: 'tus', values: {} } as const;
const never = new Promise<never>(() => undefined);

const chosen = (name: string): File => new File(['abc'], name, { lastModified: 1 });

async function* choice(file: File): Choice {
  yield { file, path: file.name, root: null };
}

/** An uploader of ann whose server does not answer, with what an earlier tab left, which is gone when `gone` resolves. */
const open = async (left: readonly Kept[] = [], gone = Promise.resolve()) => {
  const adopted: string[] = [];
  const uploader = openUploader({
    tab: { id: 'this', whenGone: (_, adopt) => gone.then(adopt) },
    limits: () => Promise.reject(new Error('no answer')),
    server: { credentials: () => never, endpoint: () => undefined, renew: () => never },
    journal: {
      lasting: true,
      keep: () => undefined,
      keepRoot: () => undefined,
      copy: async () => true,
      copyOf: async () => undefined,
      adopt: async (account) => {
        adopted.push(account);
        return { uploads: [...left], roots: [] };
      },
      tabs: async () => (left.length > 0 ? ['earlier'] : []),
      settled: async () => undefined,
    },
  });
  await uploader.use('ann');
  return { uploader, adopted, items: () => [...uploader.list.items()] };
};

test('what was paused a moment ago stays paused when the network changes', async () => {
  const { uploader, items } = await open();
  await uploader.add(choice(chosen('a.bin')), target);
  await vi.waitFor(() => expect(items()[0]?.phase).toBe('running'));
  uploader.pause(items());
  uploader.reconnect();
  expect(items()[0]?.phase).toBe('paused');
});

test('who chooses a paused file again that another page had goes on with it', async () => {
  const left = item({ path: 'a.bin', size: 3, lastModified: 1, phase: 'paused', confirmed: 2, state: {} });
  const { uploader, items } = await open([toKept(left)]);
  await vi.waitFor(() => expect(items()[0]?.phase).toBe('paused'));
  expect(await uploader.add(choice(chosen('b.bin')), target)).toBe(1);
  expect(await uploader.add(choice(chosen('a.bin')), target)).toBe(0);
  expect(items().map(({ path }) => path)).toEqual(['a.bin', 'b.bin']);
  await vi.waitFor(() => expect(items()[0]?.phase).toBe('running'));
});

test('nothing runs while nobody is there, and nobody sees the uploads of who was there before', async () => {
  const { uploader, items } = await open();
  await uploader.add(choice(chosen('a.bin')), target);
  await uploader.use(null);
  expect(items()[0]?.phase).toBe('waiting');
  await uploader.use('ben');
  expect(items()).toEqual([]);
});

test('what another tab of ann leaves while ben is there is left to a tab of ann', async () => {
  let close = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    close = resolve;
  });
  const { uploader, adopted } = await open([toKept(item({ phase: 'paused' }))], gone);
  await uploader.use(null);
  await uploader.use('ben');
  close();
  // The journal of this test has something for everybody.
  await vi.waitFor(() => expect(adopted).toEqual(['ben']));
});

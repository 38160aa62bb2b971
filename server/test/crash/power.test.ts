import { describe, expect, it } from 'vitest';
import { ledgerContract } from '../contracts/ledger.js';
import { readAll, storeContract } from '../contracts/store.js';
import { machine, seeded } from './power.js';

storeContract('power', async () => {
  const before = await machine(seeded(1));
  return {
    store: before.store,
    reopen: async () => (await before.restart('power-lost')).store,
    end: async () => undefined,
  };
});

ledgerContract('power', async () => {
  const before = await machine(seeded(1));
  return {
    ledger: before.ledger,
    reopen: async () => {
      await before.ledger.close();
      return (await before.restart('power-lost')).ledger;
    },
    end: async () => undefined,
  };
});

describe('a loss of power', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const part = { kind: 'part', name: 'p' } as const;
  const seeds = Array.from({ length: 200 }, (_, i) => i);

  it('may take what was not synced, in whole or in part, and nothing else', async () => {
    const found = new Set<string>();
    for (const seed of seeds) {
      const before = await machine(seeded(seed));
      await before.store.write('p', 0, [bytes('SYNCED')]);
      await before.store.sync('p');
      await before.store.write('p', 6, [bytes('later')]);
      const after = await before.restart('power-lost');
      const text = (await readAll(after.store, part)).toString();
      expect(text).toMatch(/^SYNCED[later\0]{0,5}$/);
      found.add(text);
      await expect(before.store.sync('p')).rejects.toThrow('stopped');
      await expect(before.ledger.read(async () => 1)).rejects.toThrow('stopped');
    }
    expect(found).toContain('SYNCED');
    expect(found).toContain('SYNCEDlater');
    expect(found).toContain('SYNCED\0\0\0\0\0');
    expect(found.size).toBeGreaterThan(5);
  });

  it('may take names, and brings a publishing back whole or not at all', async () => {
    const found = new Set<string>();
    for (const seed of seeds) {
      const before = await machine(seeded(seed), 4);
      await before.store.write('p', 0, [bytes('abc')]);
      await before.store.sync('p');
      // The machine stops while it syncs the part, or the names.
      await expect(before.store.publish('p', 'o', 3)).rejects.toThrow('stopped');
      const after = await before.restart('power-lost');
      const names: string[] = [];
      for await (const { kind, name, size } of after.store.list()) names.push(`${kind} ${name} ${size}`);
      found.add(names.join());
    }
    expect([...found].sort()).toEqual(['part p 3']);
    found.clear();
    for (const seed of seeds) {
      const before = await machine(seeded(seed), 5);
      await before.store.write('p', 0, [bytes('abc')]);
      await before.store.sync('p');
      await expect(before.store.publish('p', 'o', 3)).rejects.toThrow('stopped');
      const after = await before.restart('power-lost');
      const names: string[] = [];
      for await (const { kind, name, size } of after.store.list()) names.push(`${kind} ${name} ${size}`);
      found.add(names.join());
    }
    expect([...found].sort()).toEqual(['object o 3', 'part p 3']);
  });

  it('may take relaxed transactions, the last first, but none that a durable one came after', async () => {
    const found = new Set<number>();
    for (const seed of seeds) {
      const before = await machine(seeded(seed));
      const put = (i: number, tier: 'durable' | 'relaxed') =>
        before.ledger.transact(async (facts) => facts.put(`turn/${i}`, i), tier);
      await put(1, 'relaxed');
      await put(2, 'durable');
      await put(3, 'relaxed');
      await put(4, 'relaxed');
      const after = await before.restart('power-lost');
      const facts = await after.ledger.read((reader) => reader.list({ prefix: 'turn/' }));
      expect(facts.map(({ value }) => value)).toEqual([1, 2, 3, 4].slice(0, facts.length));
      found.add(facts.length);
    }
    expect([...found].sort()).toEqual([2, 3, 4]);
  });

  it('takes nothing when only the process ends', async () => {
    for (const seed of seeds.slice(0, 20)) {
      const before = await machine(seeded(seed));
      await before.store.write('p', 0, [bytes('unsynced')]);
      await before.ledger.transact(async (facts) => facts.put('a', 1), 'relaxed');
      const after = await before.restart('killed');
      expect((await readAll(after.store, part)).toString()).toBe('unsynced');
      expect(await after.ledger.read((facts) => facts.get('a'))).toBe(1);
    }
  });
});

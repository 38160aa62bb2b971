import type { FactReader } from '../../engine/ports.js';
import { objectShelf, uploadShelf } from '../../engine/records.js';
import { type Usage, usageId, usages } from '../../engine/usage.js';
import type { Checking } from './check.js';
import { isUnfinished } from './uploads.js';

const nothing: Usage = { reserved: 0, held: 0 };

const same = (a: Usage, b: Usage): boolean => a.reserved === b.reserved && a.held === b.held;

/** What every account uses, counted anew and as it is noted, where the two differ; by the account's id on the shelf. */
const differences = async (facts: FactReader): Promise<Map<string, { counted: Usage; noted: Usage }>> => {
  const counted = new Map<string, Usage>();
  const add = (owner: string, reserved: number, held: number) => {
    const sum = counted.get(usageId(owner)) ?? nothing;
    counted.set(usageId(owner), { reserved: sum.reserved + reserved, held: sum.held + held });
  };
  for (const { value } of await uploadShelf.list(facts)) if (isUnfinished(value)) add(value.owner, value.reserved, 0);
  for (const { value } of await objectShelf.list(facts)) add(value.owner, 0, value.size);
  const noted = new Map((await usages.list(facts)).map(({ id, value }) => [id, value]));
  const all = [...new Set([...counted.keys(), ...noted.keys()])];
  const pairs = all.map(
    (id) => [id, { counted: counted.get(id) ?? nothing, noted: noted.get(id) ?? nothing }] as const,
  );
  return new Map(pairs.filter(([, pair]) => !same(pair.counted, pair.noted)));
};

const words = ({ reserved, held }: Usage): string => `${held} bytes held and ${reserved} reserved`;

/** What is noted of each account's use is what it uses. Repairing counts anew. */
export const checkUsage = async ({ ledger, found }: Checking): Promise<void> => {
  for (const [id, { counted, noted }] of await ledger.read(differences))
    await found(
      'usage-differs',
      { subject: decodeURIComponent(id), details: `noted: ${words(noted)}; counted: ${words(counted)}` },
      () =>
        ledger.transact(async (facts) => {
          // Counted again, since the account may have gone on uploading.
          const now = (await differences(facts)).get(id);
          if (!now) return;
          if (same(now.counted, nothing)) usages.delete(facts, id);
          else usages.put(facts, id, now.counted);
        }),
    );
};

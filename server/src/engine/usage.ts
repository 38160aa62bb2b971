import { type FactReader, type Facts, shelf } from './ports.js';
import { Refusal } from './refusals.js';

/** Bytes that count against an owner's quota. */
export interface Usage {
  /** Set aside for uploads that are still open. */
  readonly reserved: number;
  /** In finished files. */
  readonly held: number;
}

/** One fact per owner who uses anything; ids are `usageId(owner)`. */
export const usages = shelf<Usage>('usage');

/** The owner's id on the shelf: keys are ASCII, owners may be anything. */
export const usageId = (owner: string): string => encodeURIComponent(owner);

/** What `owner` uses by now. */
export const usageOf = async (facts: FactReader, owner: string): Promise<Usage> =>
  (await usages.get(facts, usageId(owner))) ?? { reserved: 0, held: 0 };

const change = async (facts: Facts, owner: string, by: Usage): Promise<void> => {
  const usage = await usageOf(facts, owner);
  const reserved = Math.max(0, usage.reserved + by.reserved);
  const held = Math.max(0, usage.held + by.held);
  if (reserved === 0 && held === 0) usages.delete(facts, usageId(owner));
  else usages.put(facts, usageId(owner), { reserved, held });
};

/**
 * Sets `bytes` aside for an upload. Refuses `over-quota` where the owner would use more than `limit` bytes (null: no
 * limit); nothing to set aside is never refused.
 */
export const reserve = async (facts: Facts, owner: string, bytes: number, limit: number | null): Promise<void> => {
  if (bytes === 0) return;
  const { reserved, held } = await usageOf(facts, owner);
  const used = reserved + held;
  if (limit !== null && used + bytes > limit)
    throw new Refusal('over-quota', { account: owner, limit, used, needed: bytes });
  await change(facts, owner, { reserved: bytes, held: 0 });
};

/** Gives back `bytes` that were set aside, for an upload that ended without a file. */
export const release = (facts: Facts, owner: string, bytes: number): Promise<void> =>
  change(facts, owner, { reserved: -bytes, held: 0 });

/** An upload became a file: the `reserved` bytes are given back and `held` bytes count from now on. Never refuses. */
export const settle = (facts: Facts, owner: string, reserved: number, held: number): Promise<void> =>
  change(facts, owner, { reserved: -reserved, held });

/** `held` bytes of finished files are gone. */
export const dropHeld = (facts: Facts, owner: string, held: number): Promise<void> =>
  change(facts, owner, { reserved: 0, held: -held });

import type { Limits } from 'longshore/api';
import type { ProtocolName } from './item.js';

/** Why a file is not sent at all. */
export type Refusal =
  | { readonly kind: 'too-large'; readonly limit: number }
  | { readonly kind: 'no-room'; readonly free: number }
  | { readonly kind: 'wrong-type'; readonly endings: readonly string[] };

/** What is to be judged. */
export interface Offer {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly protocol: ProtocolName;
  /** Bytes of files that wait and that the server does not know of yet. */
  readonly queued: number;
}

const endingOf = (name: string): string => (/\.([^.]+)$/.exec(name)?.[1] ?? '').toLowerCase();

/** What the server would say to a file, before a byte of it is sent; null: it would take it, as far as is known. */
export const refusalOf = ({ name, size, protocol, queued }: Offer, limits: Limits): Refusal | null => {
  const of = limits.dialects[protocol];
  if (of?.endings && !of.endings.includes(endingOf(name))) return { kind: 'wrong-type', endings: of.endings };
  const limit = Math.min(limits.maxSize ?? Number.POSITIVE_INFINITY, of?.maxSize ?? Number.POSITIVE_INFINITY);
  if (size > limit) return { kind: 'too-large', limit };
  const free = limits.free === null ? Number.POSITIVE_INFINITY : Math.max(0, limits.free - queued);
  return size > free ? { kind: 'no-room', free } : null;
};

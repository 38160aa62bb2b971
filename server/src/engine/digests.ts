import { createHash, type Hash } from 'node:crypto';
import { crc32Of } from '../kit/crc32.js';

/** Digests the engine can check, by their plain lower-case names. */
export const algorithms = ['crc32', 'md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;

export type Algorithm = (typeof algorithms)[number];

/** Hex digests by algorithm, lower case. */
export type Declared = { readonly [A in Algorithm]?: string };

/** Is this word one of ours? */
export const isAlgorithm = (word: string): word is Algorithm => algorithms.some((each) => each === word);

/** A digest that is fed bytes in order. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Hex, lower case (CRC32: eight digits). Ends the digest. */
  hex(): string;
  /** A digest of the same bytes that goes its own way. */
  copy(): Digest;
}

/** A CRC-32 as hex: eight digits, lower case. */
export const crcHex = (crc: number): string => crc.toString(16).padStart(8, '0');

const crcDigest = (before = 0): Digest => {
  let crc = before;
  return {
    update: (bytes) => {
      crc = crc32Of(bytes, crc);
    },
    hex: () => crcHex(crc),
    copy: () => crcDigest(crc),
  };
};

const hashDigest = (hash: Hash): Digest => ({
  update: (bytes) => {
    hash.update(bytes);
  },
  hex: () => hash.digest('hex'),
  copy: () => hashDigest(hash.copy()),
});

/** Starts a digest over no bytes. */
export const startDigest = (algorithm: Algorithm): Digest =>
  algorithm === 'crc32' ? crcDigest() : hashDigest(createHash(algorithm));

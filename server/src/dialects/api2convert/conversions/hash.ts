import { createHash, createHmac } from 'node:crypto';
import { crc32Of } from '../../../kit/crc32.js';
import type { Conversion, ConversionInput, ConversionWork, OptionsSchema } from './conversion.js';
import { readingOf, textBody } from './reading.js';

/** What is fed bytes and then gives their digest. */
interface Digest {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

const crc32Digest = (): Digest => {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32Of(bytes, crc);
    },
    digest: () => crc.toString(16).padStart(8, '0'),
  };
};

const hash = (target: string, optionsSchema: OptionsSchema, digestOf: (hmac: string) => Digest): Conversion => {
  const digest = async (input: ConversionInput, hmac: string, work: ConversionWork) => {
    const made = digestOf(hmac);
    for await (const bytes of readingOf([input], work)(input)) made.update(bytes);
    return made.digest('hex');
  };
  return {
    category: 'hash',
    target,
    optionsSchema,
    takes: 'each',
    available: async () => true,
    // In this process: it only counts, and trusts no byte that it sees.
    convert: async (inputs, { hmac }, work) => {
      for (const input of inputs) {
        const hex = await digest(input, typeof hmac === 'string' ? hmac : '', work);
        await work.emit({ name: `${input.name}.${target}`, type: 'text/plain' }, textBody(`${hex}\n`));
      }
    },
  };
};

const hmacOption = {
  hmac: { type: 'string', maxLength: 1000, description: 'A secret; with it the digest is an HMAC.' },
} as const satisfies OptionsSchema;

/** Digests, in hex and with a line feed behind. */
export const hashes: readonly Conversion[] = [
  ...['md5', 'sha1', 'sha256', 'sha384', 'sha512'].map((name) =>
    hash(name, hmacOption, (hmac) => (hmac === '' ? createHash(name) : createHmac(name, hmac))),
  ),
  // A CRC makes no HMAC: it hides nothing of its key.
  hash('crc32', {}, crc32Digest),
];

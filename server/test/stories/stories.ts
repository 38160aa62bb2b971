import { createHash } from 'node:crypto';
import type { Story } from './story.js';

const ten = Buffer.from('0123456789');
const other = createHash('sha1').update('other').digest('hex');
const first = { offset: 0, bytes: ten.subarray(0, 5) };
const second = { offset: 5, bytes: ten.subarray(5) };
const whole = { offset: 0, bytes: ten };

const noUpload = 'There is no upload with this upload token.';
const noHandler = 'Upload handler cannot be found.';
/** What infoRouter says of an upload that is under way: it has no operation that asks. */
const unasked = 'nothing to ask with';

/** What happens to uploads, and what it comes to in each dialect. */
export const stories: readonly Story[] = [
  {
    name: 'an upload in order',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      return [
        await alice.send(upload, first),
        await alice.look(upload),
        await alice.send(upload, second),
        await alice.finish(upload),
        await alice.look(upload),
      ];
    },
    expected: {
      api2convert: { answers: [200, 5, 200, 'processing', 10], files: ['0123456789'] },
      interfax: { answers: [202, 5, 200, 201, 404], files: ['0123456789'] },
      fourshared: { answers: [200, 5, 200, 'finished', 10], files: ['0123456789'] },
      inforouter: { answers: ['true', unasked, 'true', 'true', unasked], files: ['0123456789'] },
      tus: { answers: [204, 5, 204, 204, 10], files: ['0123456789'] },
      brightsign: { answers: ['true', 'Uploading', 'true', 'Completed', 'Completed'], files: ['0123456789'] },
    },
  },
  {
    name: 'resume after a cut',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      await alice.cut(upload, whole, 6);
      const reached = await alice.look(upload);
      const offset = typeof reached === 'number' ? reached : 0;
      return [reached, await alice.send(upload, { offset, bytes: ten.subarray(offset) }), await alice.finish(upload)];
    },
    expected: {
      // A chunk counts whole or not at all, and one that was cut begins nothing.
      api2convert: { answers: ['Upload not found.', 200, 'processing'], files: ['0123456789'] },
      // A chunk counts whole or not at all.
      interfax: { answers: [0, 200, 201], files: ['0123456789'] },
      // A part counts whole or not at all.
      fourshared: { answers: [0, 200, 'finished'], files: ['0123456789'] },
      // A chunk counts whole or not at all.
      inforouter: { answers: [unasked, 'true', 'true'], files: ['0123456789'] },
      tus: { answers: [6, 204, 204], files: ['0123456789'] },
      // A chunk counts whole or not at all; without its `true` it is sent again.
      brightsign: { answers: ['Started', 'true', 'Completed'], files: ['0123456789'] },
    },
  },
  {
    name: 'a chunk with a wrong checksum is not stored',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      return [await alice.send(upload, { ...whole, sha1: other }), await alice.look(upload)];
    },
    expected: {
      api2convert: { cannot: 'chunks have no checksum' },
      interfax: { cannot: 'neither chunks nor documents have checksums' },
      fourshared: { cannot: 'parts have no checksum; only the finish has one, of the whole' },
      inforouter: { answers: ['try again', unasked], files: [] },
      tus: { answers: [460, 0], files: [] },
      brightsign: { cannot: 'AppendChunk has no parameter for a hash' },
    },
  },
  {
    name: 'a file with a wrong checksum is not stored',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10, sha1: other });
      return [await alice.send(upload, whole), await alice.finish(upload), await alice.look(upload)];
    },
    expected: {
      api2convert: { cannot: 'the client is told the MD5 of the whole, and judges it' },
      interfax: { cannot: 'neither chunks nor documents have checksums' },
      fourshared: {
        answers: [
          200,
          `The MD5 of the file is 781e5e245d69b566979b86e28d23f2c7, not ${other.slice(0, 32)} as specified.`,
          10,
        ],
        files: [],
      },
      inforouter: {
        cannot: 'checksums are of single chunks; that of the whole is told to the client, which judges it',
      },
      tus: { cannot: 'checksums are of single requests, none is of the whole' },
      brightsign: {
        answers: [
          'true',
          `The SHA1 hash of the file is 87acec17cd9dcd20a716cc2cf67417b71c8a7016, not ${other} as specified.`,
          'Corrupted',
        ],
        files: [],
      },
    },
  },
  {
    name: 'two at once',
    tell: async (alice, bob) => {
      const [one, two] = await Promise.all([alice.begin({ size: 10 }), bob.begin({ size: 5 })]);
      const answers = await Promise.all([alice.send(one, whole), bob.send(two, { ...second, offset: 0 })]);
      return [...answers, await alice.finish(one), await bob.finish(two)];
    },
    expected: {
      api2convert: { answers: [200, 200, 'processing', 'processing'], files: ['0123456789', '56789'] },
      interfax: { answers: [200, 200, 201, 201], files: ['0123456789', '56789'] },
      fourshared: { answers: [200, 200, 'finished', 'finished'], files: ['0123456789', '56789'] },
      inforouter: { answers: ['true', 'true', 'true', 'true'], files: ['0123456789', '56789'] },
      tus: { answers: [204, 204, 204, 204], files: ['0123456789', '56789'] },
      brightsign: { answers: ['true', 'true', 'Completed', 'Completed'], files: ['0123456789', '56789'] },
    },
  },
  {
    name: 'out of order',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      return [await alice.send(upload, second), await alice.send(upload, first), await alice.finish(upload)];
    },
    expected: {
      api2convert: { answers: [200, 200, 'processing'], files: ['0123456789'] },
      // Chunks are appended; the second half is refused, and the document not complete.
      interfax: { answers: [416, 202, 404], files: [] },
      fourshared: { answers: [200, 200, 'finished'], files: ['0123456789'] },
      inforouter: { cannot: 'chunks have no place of their own; they are appended as they come' },
      // Chunks are appended; the second half is refused, and still missing at the end.
      tus: { answers: [409, 204, 409], files: [] },
      brightsign: { answers: ['true', 'true', 'Completed'], files: ['0123456789'] },
    },
  },
  {
    name: 'a chunk is repeated, as its answer was lost',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      await alice.send(upload, first);
      return [await alice.send(upload, first), await alice.send(upload, second), await alice.finish(upload)];
    },
    expected: {
      api2convert: { answers: [200, 200, 'processing'], files: ['0123456789'] },
      interfax: { answers: [202, 200, 201], files: ['0123456789'] },
      fourshared: { answers: [200, 200, 'finished'], files: ['0123456789'] },
      // Nothing tells a repeated chunk from an equal one; only the last is known again.
      inforouter: { answers: ['true', 'true', 'true'], files: ['012340123456789'] },
      // The client is told that its offset is not the upload's, and asks for that.
      tus: { answers: [409, 204, 204], files: ['0123456789'] },
      brightsign: { answers: ['true', 'true', 'Completed'], files: ['0123456789'] },
    },
  },
  {
    name: 'a finish is too early',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      await alice.send(upload, first);
      return [await alice.finish(upload), await alice.send(upload, second), await alice.finish(upload)];
    },
    expected: {
      // The job starts by itself when the upload is complete.
      api2convert: { answers: ['incomplete', 200, 'processing'], files: ['0123456789'] },
      interfax: { answers: [404, 200, 201], files: ['0123456789'] },
      fourshared: {
        answers: ['The file is not complete: 5 of 10 bytes have been received.', 200, 'finished'],
        files: ['0123456789'],
      },
      inforouter: { answers: ['Invalid upload handler.', 'true', 'true'], files: ['0123456789'] },
      tus: { answers: [409, 204, 204], files: ['0123456789'] },
      brightsign: {
        answers: ['The file is not complete: 5 of 10 bytes have been received.', 'true', 'Completed'],
        files: ['0123456789'],
      },
    },
  },
  {
    name: 'a finish is repeated',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      await alice.send(upload, whole);
      return [await alice.finish(upload), await alice.finish(upload)];
    },
    expected: {
      api2convert: { answers: ['processing', 'processing'], files: ['0123456789'] },
      // A document for a single use is gone with its fax.
      interfax: { answers: [201, 404], files: ['0123456789'] },
      fourshared: { answers: ['finished', 'finished'], files: ['0123456789'] },
      inforouter: { answers: ['true', noHandler], files: ['0123456789'] },
      tus: { answers: [204, 204], files: ['0123456789'] },
      brightsign: { answers: ['Completed', 'Completed'], files: ['0123456789'] },
    },
  },
  {
    name: 'beyond the end',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      return [
        await alice.send(upload, { offset: 0, bytes: Buffer.from('0123456789!') }),
        await alice.send(upload, whole),
        await alice.finish(upload),
      ];
    },
    expected: {
      api2convert: { answers: [400, 200, 'processing'], files: ['0123456789'] },
      interfax: { answers: [413, 200, 201], files: ['0123456789'] },
      fourshared: { answers: [413, 200, 'finished'], files: ['0123456789'] },
      inforouter: { cannot: 'the size is not told before the last chunk' },
      tus: { answers: [413, 204, 204], files: ['0123456789'] },
      brightsign: {
        answers: ['The chunk would end at 11, beyond the end of the file, which has 10 bytes.', 'true', 'Completed'],
        files: ['0123456789'],
      },
    },
  },
  {
    name: 'cancel removes the bytes',
    tell: async (alice) => {
      const upload = await alice.begin({ size: 10 });
      await alice.send(upload, first);
      return [await alice.cancel(upload), await alice.look(upload), await alice.send(upload, second)];
    },
    expected: {
      api2convert: { answers: [204, 'Upload not found.', 409], files: [] },
      interfax: { answers: [200, 404, 404], files: [] },
      fourshared: { answers: ['cancelled', 'nothing', 404], files: [] },
      inforouter: { answers: ['true', unasked, noHandler], files: [] },
      tus: { answers: [204, 410, 410], files: [] },
      brightsign: { answers: ['Cancelled', 'Cancelled', 'The upload has been cancelled.'], files: [] },
    },
  },
  {
    name: 'an unknown upload is refused',
    tell: async (alice) => [
      await alice.send('nobody', whole),
      await alice.look('nobody'),
      await alice.cancel('nobody'),
    ],
    expected: {
      api2convert: { answers: [404, 'Job not found.', 404], files: [] },
      interfax: { answers: [404, 404, 404], files: [] },
      // Cancelling is silent, whether there is something or not.
      fourshared: { answers: [404, 'nothing', 'cancelled'], files: [] },
      inforouter: { answers: ['Invalid upload handler.', unasked, 'bad Request'], files: [] },
      tus: { answers: [404, 404, 404], files: [] },
      brightsign: { answers: [noUpload, 'nil', 'nil'], files: [] },
    },
  },
  {
    name: 'somebody else’s upload is refused',
    tell: async (alice, bob) => {
      const upload = await alice.begin({ size: 10 });
      const refused = [await bob.send(upload, first), await bob.look(upload), await bob.cancel(upload)];
      return [...refused, await alice.send(upload, whole), await alice.finish(upload)];
    },
    // As if it were not there: a stranger does not learn that it is.
    expected: {
      api2convert: { answers: [404, 'Job not found.', 404, 200, 'processing'], files: ['0123456789'] },
      interfax: { answers: [404, 404, 404, 200, 201], files: ['0123456789'] },
      fourshared: { answers: [403, 'nothing', 'cancelled', 200, 'finished'], files: ['0123456789'] },
      // Deleting says yes where there is nothing, too.
      inforouter: { answers: [noHandler, unasked, 'true', 'true', 'true'], files: ['0123456789'] },
      tus: { answers: [404, 404, 404, 204, 204], files: ['0123456789'] },
      brightsign: { answers: [noUpload, 'nil', 'nil', 'true', 'Completed'], files: ['0123456789'] },
    },
  },
];

import { tus } from '../../src/dialects/tus/dialect.js';
import { as, type Server, serve } from '../memory-server.js';
import { type Asked, ask, askAndHangUp } from './request.js';
import type { Chunk, Teller, Telling } from './story.js';

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

const teller = (server: Server, account: string): Teller => {
  const files = `${server.url}/files/`;
  const call = { 'tus-resumable': '1.0.0', ...as(account) };
  const addressOf = (upload: string): string => new URL(upload, files).href;

  const patch = (upload: string, { offset, bytes, sha1 }: Chunk): Asked => ({
    method: 'PATCH',
    url: addressOf(upload),
    headers: {
      ...call,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': offset,
      ...(sha1 !== undefined && { 'upload-checksum': `sha1 ${base64(sha1)}` }),
    },
    body: bytes,
  });
  const head = (upload: string) => ask({ method: 'HEAD', url: addressOf(upload), headers: call });

  return {
    begin: async ({ size }) => {
      const { headers } = await ask({ method: 'POST', url: files, headers: { ...call, 'upload-length': size } });
      return headers.location ?? '';
    },
    send: async (upload, chunk) => (await ask(patch(upload, chunk))).status,
    cut: (upload, chunk, after) => askAndHangUp(patch(upload, chunk), after),
    look: async (upload) => {
      const { status, headers } = await head(upload);
      return status === 200 ? Number(headers['upload-offset']) : status;
    },
    // The last byte finishes an upload; asked for by name, it is a chunk of nothing at the end.
    finish: async (upload) => {
      const { headers } = await head(upload);
      const offset = Number(headers['upload-length']);
      return (await ask(patch(upload, { offset, bytes: Buffer.alloc(0) }))).status;
    },
    cancel: async (upload) => (await ask({ method: 'DELETE', url: addressOf(upload), headers: call })).status,
  };
};

/** tus: a status for everything, and how far an upload is in `Upload-Offset`. */
export const tusTelling: Telling = { serve: () => serve({ dialect: tus }), teller };

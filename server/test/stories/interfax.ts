import { interfax } from '../../src/dialects/interfax/dialect.js';
import { batchShelf } from '../../src/dialects/interfax/faxes/records.js';
import { as, type Server, serve } from '../memory-server.js';
import { type Asked, ask, askAndHangUp } from './request.js';
import type { Chunk, Teller, Telling } from './story.js';

const teller = (server: Server, account: string): Teller => {
  const asked = (method: string, path: string, headers: Record<string, string> = {}): Asked => ({
    method,
    url: new URL(path, server.url).href,
    headers: { ...as(account), ...headers },
  });
  const addressOf = (upload: string): string => new URL(upload, `${server.url}/outbound/documents/`).href;
  const append = (upload: string, { offset, bytes }: Chunk): Asked => ({
    ...asked('POST', addressOf(upload), { range: `bytes=${offset}-${offset + bytes.length - 1}` }),
    body: bytes,
  });

  return {
    begin: async ({ size }) => {
      const { headers } = await ask(asked('POST', `/outbound/documents?size=${size}&name=letter.txt`));
      return headers.location ?? '';
    },
    send: async (upload, chunk) => (await ask(append(upload, chunk))).status,
    cut: (upload, chunk, after) => askAndHangUp(append(upload, chunk), after),
    look: async (upload) => {
      const { status, body } = await ask(asked('GET', addressOf(upload)));
      return status === 200 ? Number(JSON.parse(body).uploaded) : status;
    },
    finish: async (upload) => {
      const headers = { 'content-location': addressOf(upload) };
      return (await ask(asked('POST', '/outbound/faxes?faxNumber=0044123456789', headers))).status;
    },
    cancel: async (upload) => (await ask(asked('DELETE', addressOf(upload)))).status,
  };
};

/** InterFAX by REST: a status, or how many bytes are there. What became of an upload is the document of a fax. */
export const interfaxTelling: Telling = {
  serve: () => serve({ dialect: interfax }),
  teller,
  objects: async ({ host: { ledger } }) => {
    const batches = await ledger.read((facts) => batchShelf.list(facts));
    return batches.flatMap(({ value: { documents } }) =>
      documents.map(({ object, length }) => ({ object, size: length })),
    );
  },
};

import { crc32 } from 'node:zlib';
import { inforouter } from '../../src/dialects/inforouter/dialect.js';
import { type Server, serve } from '../memory-server.js';
import { type Asked, ask, askAndHangUp } from './request.js';
import type { Answer, Chunk, Teller, Telling } from './story.js';

const attributeOf = (xml: string, name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(xml)?.[1];

const teller = (server: Server, account: string): Teller => {
  const sizes = new Map<string, number>();

  const call = (operation: string, parameters: Record<string, string>): Asked => ({
    method: 'POST',
    url: `${server.url}/srv.asmx`,
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"http://tempuri.org/${operation}"` },
    body: Buffer.from(
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><${operation} xmlns="http://tempuri.org/">` +
        Object.entries(parameters)
          .map(([name, value]) => `<${name}>${value}</${name}>`)
          .join('') +
        `</${operation}></e:Body></e:Envelope>`,
    ),
  });

  let login: Promise<string> | undefined;
  const ticket = (): Promise<string> => {
    login ??= ask(call('AuthenticateUser', { UID: account, PWD: 'secret' })).then(
      ({ body }) => attributeOf(body, 'ticket') ?? '',
    );
    return login;
  };
  const asking = async (operation: string, parameters: Record<string, string>): Promise<Asked> =>
    call(operation, { AuthenticationTicket: await ticket(), ...parameters });

  /** Why not, or `true`. */
  const answerTo = async (asked: Asked): Promise<Answer> => {
    const { body } = await ask(asked);
    if (attributeOf(body, 'tryagain') === 'true') return 'try again';
    return attributeOf(body, 'error') || (attributeOf(body, 'success') ?? 'nothing');
  };

  const append = (upload: string, { offset, bytes, sha1 }: Chunk): Promise<Asked> =>
    asking('UploadFileChunk', {
      UploadHandler: upload,
      FileChunk: bytes.toString('base64'),
      // A checksum of other bytes, where the story has one.
      ChunkHEXCRC: sha1?.slice(0, 8) ?? crc32(bytes).toString(16).toUpperCase(),
      LastChunk: String(offset + bytes.length >= (sizes.get(upload) ?? Number.POSITIVE_INFINITY)),
    });

  return {
    begin: async ({ size }) => {
      const { body } = await ask(await asking('CreateUploadHandler', { PreferedChunkSize: '0' }));
      const upload = attributeOf(body, 'UploadHandler') ?? '';
      sizes.set(upload, size);
      return upload;
    },
    send: async (upload, chunk) => answerTo(await append(upload, chunk)),
    cut: async (upload, chunk, after) => {
      const asked = await append(upload, chunk);
      const dataAt = (asked.body?.indexOf('<FileChunk>') ?? 0) + '<FileChunk>'.length;
      // Whole groups of base64, so that so many bytes of the chunk have come.
      await askAndHangUp(asked, dataAt + Math.ceil(after / 3) * 4);
    },
    look: async () => 'nothing to ask with',
    finish: async (upload) =>
      answerTo(await asking('UploadDocumentWithHandler', { Path: `/Documents/${upload}.bin`, UploadHandler: upload })),
    cancel: async (upload) => answerTo(await asking('DeleteUploadHandler', { UploadHandler: upload })),
  };
};

/** infoRouter: `true`, or why not. */
export const inforouterTelling: Telling = { serve: () => serve({ dialect: inforouter }), teller };

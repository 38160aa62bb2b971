import { crcHex } from '../../engine/digests.js';
import type { Upload } from '../../engine/upload.js';
import { crc32Of } from '../../kit/crc32.js';
import { newDigits } from '../../kit/guids.js';
import type { Json } from '../../kit/json.js';
import type { Caller } from '../../services/accounts/accounts.js';
import { dialectName } from './address.js';
import type { Parts, Visit } from './context.js';
import { readGuid } from './guids.js';
import { chunkBounds } from './options.js';
import { problems } from './problems.js';

/** Length in bytes and CRC-32 (eight digits, lower case) of some bytes. */
export interface Measure {
  readonly length: number;
  readonly crc: string;
}

/** The chunk size that a client gets who asks for `wanted` bytes (specs/inforouter.md §5.2). */
export const negotiate = (wanted: number, byDefault: number): number =>
  Math.min(chunkBounds.most, Math.max(chunkBounds.least, wanted > 0 ? wanted : byDefault));

/** Opens an upload handler: an upload whose id is the handler's GUID. */
export const openHandler = async ({ host, options, call }: Visit, caller: Caller): Promise<Upload> => {
  caller.need('upload');
  return host.engine.open({
    id: newDigits(host.ids),
    dialect: dialectName,
    owner: caller.account.name,
    maxSize: options.uploadLimit,
    expiry: { at: host.clock.now() + options.handlerLife, sliding: options.handlerLife },
    quota: host.quota.limit(caller.account),
    from: call.exchange.remote,
  });
};

/** Reads a handler's GUID; refuses `Invalid upload handler.` */
export const needHandlerGuid = (handler: string): string => {
  const guid = readGuid(handler);
  if (guid === undefined) throw problems.invalidUploadHandler();
  return guid;
};

/** Is this a handler of the caller's that is neither over nor overdue? */
const isHeld = ({ dialect, owner, state, expiry }: Upload, caller: Caller, now: number): boolean =>
  dialect === dialectName &&
  owner === caller.account.name &&
  (state === 'open' || state === 'sealed') &&
  (expiry === null || expiry.at > now);

/** The upload behind a caller's own handler; nothing where there is none. */
export const findHandler = async ({ host }: Parts, caller: Caller, guid: string): Promise<Upload | undefined> => {
  const upload = await host.engine.find(guid);
  return upload && isHeld(upload, caller, host.clock.now()) ? upload : undefined;
};

/** The upload behind a caller's own handler; a stranger's is one that is not there. Refuses `Upload handler cannot be found.` */
export const needHandler = async (parts: Parts, caller: Caller, guid: string): Promise<Upload> => {
  const upload = await findHandler(parts, caller, guid);
  if (!upload) throw problems.uploadHandlerNotFound();
  return upload;
};

/** What a handler keeps of its last chunk, so that its repeat is known. */
export const keepLast = ({ length, crc }: Measure): Json => ({ last: { length, crc } });

/** Was this the last chunk of a handler that is complete? */
export const wasLast = ({ metadata }: Upload, { length, crc }: Measure): boolean =>
  JSON.stringify(metadata) === JSON.stringify(keepLast({ length, crc }));

/** The bytes of nothing: an empty chunk, an empty document. */
export const nothing = async function* (): AsyncGenerator<Buffer, void, undefined> {
  // No bytes.
};

/** Reads bytes that nobody keeps. */
export const measure = async (source: AsyncIterable<Uint8Array>): Promise<Measure> => {
  let length = 0;
  let crc = 0;
  for await (const bytes of source) {
    length += bytes.length;
    crc = crc32Of(bytes, crc);
  }
  return { length, crc: crcHex(crc) };
};

/** A checksum as clients write it: hex of any case, one to eight digits. Eight digits, lower case; undefined for what is none. */
export const readCrc = (text: string): string | undefined => {
  const [, digits] = /^(?:0x)?([0-9a-f]{1,8})$/i.exec(text.trim()) ?? [];
  return digits?.toLowerCase().padStart(8, '0');
};

/** A checksum of eight digits as the vendor writes that of a file: upper case, without zeros before it. */
export const printCrc = (crc: string): string => Number.parseInt(crc, 16).toString(16).toUpperCase();

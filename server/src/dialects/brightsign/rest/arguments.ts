import { base64Decoder } from '../../../wire/base64/decode.js';
import { restKinds, type SaidKind } from '../facts.js';
import type { AnyPageArguments, Arguments } from '../messages.js';
import { malformed } from '../parameters.js';
import { contentTypes } from '../types.js';
import { type Members, membersOf } from './body.js';

// Arguments in JSON, as those that SOAP has (specs/brightsign.md §B4). All refuse `malformed`.

const textOf = (members: Members, name: string): string | undefined => {
  const value = members.get(name.toLowerCase()) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw malformed(`${name} must be a text.`);
};

const numberOf = (members: Members, name: string): number | undefined => {
  const value = members.get(name.toLowerCase()) ?? undefined;
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw malformed(`${name} must be a whole number.`);
};

/** RFC 3339; a library writes a blank in the place of the T. */
const momentOf = (members: Members, name: string): Date | undefined => {
  const text = textOf(members, name);
  if (!text) return undefined;
  const moment = new Date(text.replace(' ', 'T'));
  if (Number.isNaN(moment.getTime())) throw malformed(`${name} must be a date and time.`);
  return moment;
};

const bytesOf = (members: Members, name: string): Buffer | undefined => {
  const text = textOf(members, name);
  if (!text) return undefined;
  const decoder = base64Decoder({ padding: 'optional' });
  try {
    return Buffer.concat([decoder.write(Buffer.from(text, 'latin1')), decoder.end()]);
  } catch {
    throw malformed(`${name} must be base64.`);
  }
};

const kinds: ReadonlyMap<string, SaidKind | 'Auto'> = new Map(
  [...contentTypes, ...restKinds].map((kind) => [kind.toLowerCase(), kind]),
);

const kindSaid = (members: Members): SaidKind | 'Auto' | undefined => {
  const said = textOf(members, 'mediaType') ?? textOf(members, 'contentType');
  if (!said) return undefined;
  const kind = kinds.get(said.toLowerCase());
  if (!kind) throw malformed(`There is no media type ${said.slice(0, 40)}.`);
  return kind;
};

/** What is said of a file. Members that nobody knows are passed over, tags among them. */
export const fileArguments = (members: Members): Arguments => ({
  ChunksCount: numberOf(members, 'chunksCount'),
  ContentId: numberOf(members, 'contentId'),
  ContentType: kindSaid(members),
  FileLastModifiedDate: momentOf(members, 'fileLastModifiedDate'),
  FileName: textOf(members, 'fileName'),
  FileSize: numberOf(members, 'fileSize'),
  FileThumb: bytesOf(members, 'fileThumb'),
  RelativePath: textOf(members, 'relativePath'),
  SHA1Hash: textOf(members, 'sha1Hash'),
  SessionToken: textOf(members, 'sessionToken'),
  UploadToken: textOf(members, 'uploadToken'),
  VirtualPath: textOf(members, 'virtualPath'),
  WebPageAssetId: numberOf(members, 'webPageAssetId'),
});

/** What is said of a web page and its assets. */
export const pageArguments = (members: Members): AnyPageArguments => {
  const assets = members.get('assets') ?? [];
  if (!Array.isArray(assets)) throw malformed('assets must be a list.');
  return {
    ...fileArguments(members),
    Assets: assets.map((each) => fileArguments(membersOf(each))),
    Name: textOf(members, 'name'),
    WebPageId: numberOf(members, 'webPageId'),
  };
};

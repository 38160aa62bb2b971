import type { Json } from '../../kit/json.js';
import { readFileName } from './parameters.js';
import type { ContentType } from './types.js';

/** A kind of content that is known. */
export type Kind = Exclude<ContentType, 'Auto'>;

/** Kinds that only the REST API has a word for. */
export const restKinds = ['Text', 'Font', 'Css', 'Auxiliary', 'DeviceWebPage'] as const;
/** A kind of content as a client says it. */
export type SaidKind = Kind | (typeof restKinds)[number];

/** What a client said of a file. Only what it specified: 0, Auto, nil, blank and absent all mean "not specified" (§A5). */
export interface FileFacts {
  readonly fileName?: string;
  readonly fileSize?: number;
  readonly chunksTotal?: number;
  readonly contentType?: SaidKind;
  /** ISO 8601. */
  readonly lastModified?: string;
  /** With slashes at both ends. */
  readonly virtualPath?: string;
  /** As received. */
  readonly sha1Hash?: string;
  /** The content to overwrite. */
  readonly contentId?: number;
  /** Where an asset lies beside its page: `css\\`. */
  readonly relativePath?: string;
  /** The asset of the page that this one takes the place of. */
  readonly webPageAssetId?: number;
}

/** What a client says of one file, in whatever form it says it. */
export interface FileSaid {
  readonly facts: FileFacts;
  readonly thumb?: Buffer;
  readonly uploadToken?: string;
  readonly sessionToken?: string;
}

/** What a client says of a web page: of its HTML file, and of each asset. */
export interface PageSaid extends FileSaid {
  readonly name?: string;
  /** The page to update. */
  readonly webPageId?: number;
  readonly assets: readonly FileSaid[];
}

/** What is kept with an upload. */
export interface UploadFacts extends FileFacts {
  readonly fileName: string;
  /** The file that holds the thumbnail that the client gave. */
  readonly thumb?: number;
  /** The namespace in which the client's data was (§A2, mirror rule). */
  readonly dataNamespace?: string;
  /** What it is to its session, if it has one. */
  readonly role?: 'page' | 'asset';
  /** It was announced with its session, and not begun. */
  readonly queued?: boolean;
  /** The asset that the page has already, of which the client was told. */
  readonly match?: number;
}

/** What is kept with a session. */
export interface SessionFacts {
  /** Of the page, where the client has one. */
  readonly name?: string;
  /** The page that is updated. */
  readonly webPageId?: number;
  readonly dataNamespace?: string;
}

/** An asset, as its page knows it. */
export interface PageAsset {
  /** Its content id. */
  readonly id: number;
  readonly relativePath: string;
  readonly fileName: string;
}

/** What is kept with a file of the catalog. */
export interface ContentFacts {
  readonly contentType?: SaidKind;
  readonly lastModified?: string;
  /** The file that holds the thumbnail. */
  readonly thumb?: number;
  /** It is a web page. */
  readonly page?: { readonly name: string; readonly assets: readonly PageAsset[] };
  /** It is there for the sake of another one, and lies outside of the library. */
  readonly part?: 'page' | 'asset' | 'thumbnail';
  /** The session or upload that is to make use of it. */
  readonly awaits?: string;
}

/** What is kept of a file that is about to be uploaded. Refuses `malformed` without a name. */
export const startFacts = (said: FileFacts): UploadFacts => ({ ...said, fileName: said.fileName ?? readFileName('') });

/** For the ledger: the same shape, without what is undefined. */
export const toMetadata = (facts: UploadFacts | SessionFacts | ContentFacts): Json =>
  JSON.parse(JSON.stringify(facts)) as Json;

// The ledger gives back what was put there.
export const uploadFacts = (metadata: Json): UploadFacts => metadata as unknown as UploadFacts;
export const sessionFacts = (metadata: Json): SessionFacts => metadata as unknown as SessionFacts;
export const contentFacts = (metadata: Json): ContentFacts => (metadata ?? {}) as unknown as ContentFacts;

const endings = (kind: SaidKind, ends: string): [string, SaidKind][] => ends.split(' ').map((end) => [end, kind]);

const kinds: Readonly<Record<string, SaidKind>> = Object.fromEntries([
  ...endings('Image', 'jpg jpeg png bmp'),
  ...endings('Video', 'mov mp4 mpg ts vob wmv m2ts mkv webm'),
  ...endings('Audio', 'mp3 wav ogg flac m4a aac ac3 eac3 ec3'),
  ...endings('Text', 'txt'),
  ...endings('Font', 'ttf otf woff woff2'),
  ...endings('Css', 'css'),
]);

/** A file whose kind may have been told. */
interface Kinded {
  readonly contentType?: SaidKind;
  readonly fileName: string;
}

/** The kind as the REST API tells it: as said, else by the name's ending, else Auxiliary (§A12). */
export const restKindOf = ({ contentType, fileName }: Kinded): SaidKind =>
  contentType ?? kinds[fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()] ?? 'Auxiliary';

const isRestOnly = (kind: SaidKind): kind is (typeof restKinds)[number] => restKinds.some((each) => each === kind);

/** The kind in SOAP's words: as said, else by the name's ending; Image, the documented default, where it has none (§A6). */
export const kindOf = (file: Kinded): Kind => {
  const kind = restKindOf(file);
  if (kind === 'DeviceWebPage') return 'WebPage';
  return isRestOnly(kind) ? 'Image' : kind;
};

/** The kind of a file of the catalog, in SOAP's words. */
export const kindOfFile = ({ metadata, name }: { readonly metadata: Json; readonly name: string }): Kind =>
  kindOf({ ...contentFacts(metadata), fileName: name });

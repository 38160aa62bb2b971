import {
  choice,
  dateTime,
  int,
  list,
  long,
  nillable,
  object,
  polymorphic,
  smallBytes,
  text,
  type ValueOf,
} from '../../wire/soap/index.js';

// The service's data types: names, members and their order (base class first, then by the alphabet) as
// specs/brightsign.md §A4 has them from generated client classes. Answers must keep the order, requests need not.

/** Kinds of content, as the upload service spells them. */
export const contentTypes = ['Auto', 'Image', 'Video', 'Audio', 'WebPage'] as const;
export type ContentType = (typeof contentTypes)[number];

/** States of an upload. */
export const uploadStates = [
  'Unknown',
  'Queued',
  'Started',
  'Uploading',
  'Stopped',
  'Uploaded',
  'Verified',
  'Cancelled',
  'Corrupted',
  'Collected',
  'Terminated',
  'Completed',
] as const;
export type UploadState = (typeof uploadStates)[number];

const contentType = choice(contentTypes, { name: 'ContentType' });

export const ContentUploadArguments = object('ContentUploadArguments', {
  ChunksCount: nillable(int({ doc: 'How many chunks the client will send; advisory.' })),
  ContentType: nillable(contentType),
  FileLastModifiedDate: nillable(dateTime()),
  FileName: nillable(text()),
  FileSize: nillable(long({ doc: 'Bytes, 0 to 5,000,000,000.' })),
  FileThumb: nillable(smallBytes()),
  SHA1Hash: nillable(text()),
  SessionToken: nillable(text()),
  UploadToken: nillable(text()),
  VirtualPath: nillable(text()),
});

export const ContentUpdateArguments = object(
  'ContentUpdateArguments',
  { ContentId: int({ doc: 'The content to overwrite.' }) },
  { extends: ContentUploadArguments },
);

export const WebPageAssetUploadArguments = object(
  'WebPageAssetUploadArguments',
  { RelativePath: nillable(text()), WebPageAssetId: nillable(int()) },
  { extends: ContentUploadArguments },
);

export const WebPageUploadArguments = object(
  'WebPageUploadArguments',
  {
    Assets: nillable(list(WebPageAssetUploadArguments, 'WebPageAssetUploadArguments'), { aka: ['webpageAssets'] }),
    Name: nillable(text()),
  },
  { extends: ContentUploadArguments },
);

export const WebPageUpdateArguments = object(
  'WebPageUpdateArguments',
  { WebPageId: int({ doc: 'The web page to update.' }) },
  { extends: WebPageUploadArguments },
);

/** Does an element hold an id, right or wrong, under this name in any letter case? 0 is none. */
const holdsId = ({ children }: { children: readonly { local: string; text: string }[] }, name: string): boolean =>
  children.some(({ local, text }) => local.toLowerCase() === name && Number(text) !== 0);

/** Arguments of a web page; without `xsi:type` a WebPageId makes them an update (§A5). */
export const anyPageArguments = polymorphic(WebPageUploadArguments, [WebPageUpdateArguments], {
  guess: (element) => (holdsId(element, 'webpageid') ? 'WebPageUpdateArguments' : undefined),
});

/** Arguments of one file; without `xsi:type` a ContentId makes them an update (§A5). */
export const anyContentArguments = polymorphic(
  ContentUploadArguments,
  [ContentUpdateArguments, WebPageAssetUploadArguments],
  {
    guess: (element) => {
      if (holdsId(element, 'contentid')) return 'ContentUpdateArguments';
      const isAsset = element.children.some(({ local }) => /^(relativePath|webPageAssetId)$/i.test(local));
      return isAsset ? 'WebPageAssetUploadArguments' : undefined;
    },
  },
);
export type ContentArguments = ValueOf<typeof anyContentArguments>;

export const ContentInfo = object('ContentInfo', {
  FileName: nillable(text()),
  FileSize: long(),
  Id: int(),
  SHA1Hash: nillable(text()),
  Type: contentType,
  UploadDate: dateTime(),
  VirtualPath: nillable(text()),
});

export const ContentUploadStatus = object('ContentUploadStatus', {
  ChunksTotal: nillable(int()),
  ContentId: nillable(int()),
  EndTime: nillable(dateTime()),
  FileName: nillable(text()),
  FileSize: long(),
  LastActivityTime: nillable(dateTime()),
  SHA1Hash: nillable(text()),
  SessionToken: nillable(text()),
  StartTime: nillable(dateTime()),
  State: choice(uploadStates, { name: 'UploadState' }),
  UploadToken: nillable(text()),
});

export const ContentNegotiationStatus = object(
  'ContentNegotiationStatus',
  { MatchingFiles: nillable(list(ContentInfo, 'ContentInfo')) },
  { extends: ContentUploadStatus },
);

/** A status, with what the library has already where that was asked for. */
export const anyStatus = polymorphic(ContentUploadStatus, [ContentNegotiationStatus]);
export type Status = ValueOf<typeof anyStatus>;

export const WebPageUploadStatus = object(
  'WebPageUploadStatus',
  { Assets: nillable(list(ContentUploadStatus, 'ContentUploadStatus')), Name: nillable(text()) },
  { extends: ContentUploadStatus },
);

/** A session's status. */
export const pageStatus = polymorphic(WebPageUploadStatus, []);
export type PageStatus = ValueOf<typeof pageStatus>;

/** What every descriptive error carries in its detail (§A11). */
export const FileUploadFault = {
  name: 'FileUploadFault',
  type: object('FileUploadFault', { Message: nillable(text()) }),
};

import {
  choice,
  dateTime,
  flag,
  int,
  list,
  long,
  nillable,
  object,
  polymorphic,
  text,
  type ValueOf,
} from '../../../wire/soap/index.js';

// The data of the application service (specs/brightsign.md §A12): names as client classes have them, by the alphabet.

const entity = { Id: int(), Name: nillable(text()) };

const DynamicPlaylistInfo = object('DynamicPlaylistInfo', entity);
const PresentationInfo = object('PresentationInfo', entity);

/** Kinds of content, as the library spells them. */
const contentType = choice(['Image', 'Video', 'Audio', 'DynamicPlaylist', 'WebPage', 'Other'], { name: 'ContentType' });

const Content = object('Content', {
  DynamicPlaylists: nillable(list(DynamicPlaylistInfo, 'DynamicPlaylistInfo')),
  FileHash: nillable(text({ doc: '`SHA1:` and hex, upper case.' })),
  FileLastModifiedDate: nillable(dateTime()),
  FileName: nillable(text()),
  FileSize: long(),
  Id: int(),
  PhysicalPath: nillable(text({ doc: 'The URL of its bytes.' })),
  Presentations: nillable(list(PresentationInfo, 'PresentationInfo')),
  ProbeData: nillable(text()),
  ThumbPath: nillable(text({ doc: 'The URL of its thumbnail.' })),
  Type: contentType,
  UploadDate: dateTime(),
  VirtualPath: nillable(text()),
});

const ContentFolder = object('ContentFolder', {
  CreationDate: nillable(dateTime()),
  Id: nillable(int()),
  Name: nillable(text()),
  ThumbPath: nillable(text()),
  VirtualPath: nillable(text({ doc: 'The path of the folder that it lies in.' })),
});

const PagedContentList = object('PagedContentList', {
  FilterExpression: nillable(text()),
  IsTruncated: flag(),
  Items: nillable(list(Content, 'Content')),
  NextMarker: nillable(text()),
  PageSize: int(),
  SortExpression: nillable(text()),
  TotalItemCount: int(),
});

const User = object('User', {
  CreationDate: nillable(dateTime()),
  Login: nillable(text()),
  RoleName: nillable(text()),
});

const WebPageAsset = object('WebPageAsset', {
  FileHash: nillable(text()),
  FileName: nillable(text()),
  FileSize: long(),
  PhysicalPath: nillable(text()),
  RelativePath: nillable(text()),
});

const WebPage = object('WebPage', {
  Assets: nillable(list(WebPageAsset, 'WebPageAsset')),
  FileHash: nillable(text()),
  FileSize: long(),
  Id: int(),
  Name: nillable(text()),
  PhysicalPath: nillable(text()),
  Presentations: nillable(list(PresentationInfo, 'PresentationInfo')),
  UploadDate: dateTime(),
});

export const content = polymorphic(Content, []);
export type ContentValue = ValueOf<typeof content>;
export const contentFolder = polymorphic(ContentFolder, []);
export type FolderValue = ValueOf<typeof contentFolder>;
export const folders = list(contentFolder, 'ContentFolder');
export const pagedContents = polymorphic(PagedContentList, []);
export const user = polymorphic(User, []);
export const webPage = polymorphic(WebPage, []);
export type WebPageValue = ValueOf<typeof webPage>;

/** The namespace of WCF's arrays of simple values. */
export const arrays = 'http://schemas.microsoft.com/2003/10/Serialization/Arrays';

/** Ids, as WCF lists them. */
export const ids = list(int(), 'int', { name: 'ArrayOfint', namespace: arrays });

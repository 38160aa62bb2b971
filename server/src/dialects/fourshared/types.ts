import {
  dateTime,
  flag,
  float,
  int,
  list,
  long,
  type Members,
  nillable,
  type ObjectType,
  object,
  optional,
  repeated,
  text,
  type ValueOf,
} from '../../wire/soap/index.js';

// The service's data types, members in the vendor's order (specs/fourshared.md §4). jax2 knows some of them without their
// later members: see versions.ts.

/** The namespace of arrays of simple types. */
const arrays = 'http://jaxb.dev.java.net/array';

/** `<type>Array`: items in an element `item` each. */
const arrayOf = <M extends Members>(item: ObjectType<M>) => {
  const { name } = item.shape;
  return list({ ...item, nillable: true }, 'item', { name: `${name}Array` });
};

export const stringArray = list(nillable(text()), 'item', { name: 'stringArray', namespace: arrays });
export const longArray = list(long(), 'item', { name: 'longArray', namespace: arrays });

export const accountItem = object('accountItem', {
  date: optional(dateTime()),
  directory: flag(),
  downloadCount: int(),
  downloadLink: optional(text()),
  empty: flag(),
  id: long(),
  md5: optional(text()),
  name: optional(text()),
  parentId: long(),
  removed: flag(),
  shared: flag(),
  size: long(),
  version: int(),
});
export type AccountItem = ValueOf<typeof accountItem>;
export const accountItemArray = arrayOf(accountItem);

export const fileUploadInfo = object('fileUploadInfo', {
  fileId: long(),
  freeSpace: long(),
  maxFileSize: long(),
  message: optional(text()),
  uploadUrl: optional(text()),
});
export type FileUploadInfo = ValueOf<typeof fileUploadInfo>;

export const dirHistoryDTO = object('dirHistoryDTO', {
  compId: optional(text()),
  date: optional(dateTime()),
  dirId: optional(long()),
  fileId: optional(long()),
  id: long(),
  operation: int(),
  parentDirId: long(),
  sourceDirId: optional(long()),
  sourceFileId: optional(long()),
});
export type HistoryItem = ValueOf<typeof dirHistoryDTO>;
export const dirHistoryDTOArray = arrayOf(dirHistoryDTO);
export const dirHistoryDTOArrayArray = list(nillable(dirHistoryDTOArray), 'item', { name: 'dirHistoryDTOArrayArray' });

export const exifInfo = object('exifInfo', {
  dateTime: optional(text()),
  empty: flag(),
  fileId: long(),
  heigth: optional(text()),
  make: optional(text()),
  model: optional(text()),
  width: optional(text()),
});
export const exifInfoArray = arrayOf(exifInfo);

export const mp3Info = object('mp3Info', {
  album: optional(text()),
  artist: optional(text()),
  bitrate: int(),
  empty: flag(),
  fileId: long(),
  genre: optional(text()),
  length: int(),
  preciseLength: float(),
  sampleRate: int(),
  title: optional(text()),
  track: int(),
  year: int(),
});
export const mp3InfoArray = arrayOf(mp3Info);

export const settingsGroup = object('settingsGroup', {
  groupId: int(),
  groupName: optional(text()),
  translatedName: optional(text()),
});
export const settingsGroupArray = arrayOf(settingsGroup);

const userSetting = object('userSetting', {
  editable: flag(),
  id: int(),
  name: optional(text()),
  possibleValues: repeated(nillable(text())),
  title: optional(text()),
  type: optional(text()),
  value: optional(text()),
});
export const userSettings = object('userSettings', {
  settings: repeated({ ...userSetting, nillable: true }),
  settingsGroup: optional(settingsGroup),
});
export const userSettingsArray = arrayOf(userSettings);

export const sharedFolderProperties = object('sharedFolderProperties', {
  createSubFolders: flag(),
  delete: flag(),
  disableAnonimUpload: flag(),
  emailOnUpload: flag(),
  embed: flag(),
  fileProperties: flag(),
  moderator: flag(),
  onlyPublic: flag(),
  password: optional(text()),
  publicSearch: flag(),
  search: flag(),
  shared: flag(),
  subdomainAllowed: flag(),
  subdomainName: optional(text()),
  thumbNailOn: flag(),
  updateFiles: flag(),
  upload: flag(),
  viewModeDetails: flag(),
  viewSubfolders: flag(),
  webGrab: flag(),
});
export const sharedFolderPropertiesArray = arrayOf(sharedFolderProperties);

/** What the faults of jax3 carry: no codes, only words (specs/fourshared.md §2). */
export const ApiException = {
  name: 'ApiException',
  type: object('faultBean', { details: optional(text()), exceptionClass: optional(text()) }),
};

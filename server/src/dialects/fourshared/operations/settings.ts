import { int, long, text } from '../../../wire/soap/index.js';
import { asking, open } from '../operation.js';
import {
  settingsGroupArray,
  sharedFolderProperties,
  sharedFolderPropertiesArray,
  stringArray,
  userSettings,
  userSettingsArray,
} from '../types.js';

// There are no settings, and folders are not shared: these operations are there for typed clients (specs/fourshared.md §5).

const noSettings = { settings: [], settingsGroup: { groupId: 0, groupName: '', translatedName: '' } };

export const getSettings = asking({
  doc: 'Settings of a group: there are none.',
  params: { group: int() },
  result: userSettings,
  run: async () => noSettings,
});

export const getAllSettings = asking({
  doc: 'All settings: there are none.',
  params: {},
  result: userSettingsArray,
  run: async () => [],
});

export const getSettingGroups = asking({
  doc: 'Groups of settings: there are none.',
  params: {},
  result: settingsGroupArray,
  run: async () => [],
});

export const checkSettings = asking({
  doc: 'Takes any settings, and keeps none.',
  params: { settings: userSettings },
  result: stringArray,
  run: async () => [],
});

export const applySettings = asking({
  doc: 'Takes any settings, and keeps none.',
  params: { settings: userSettings },
  result: stringArray,
  run: async () => [],
});

export const getFolderSharingProperties = asking({
  doc: 'How a folder is shared: it is not.',
  params: { dirId: long() },
  result: sharedFolderPropertiesArray,
  run: async () => [],
});

const notShared = 'Folders are not shared on this server.';

export const setFolderSharingProperties = asking({
  doc: 'Shares no folder: answers why.',
  params: { dirId: long(), properties: sharedFolderProperties },
  result: text(),
  run: async () => notShared,
});

export const checkSubdomain = asking({
  doc: 'Takes no subdomain: answers why.',
  params: { dirId: long(), subdomainName: text() },
  result: text(),
  run: async () => notShared,
});

export const addToMyAccount = asking({
  doc: 'Adds nothing by its link: answers why.',
  params: { dirId: long(), link: text() },
  result: text(),
  run: async () => 'Files are not added by link on this server.',
});

export const getOwnedSizeLimit = open({
  doc: 'Answers 0.',
  params: {},
  result: long(),
  run: async () => 0,
});

export const getNotOwnedSizeLimit = open({
  doc: 'Answers 0.',
  params: {},
  result: long(),
  run: async () => 0,
});

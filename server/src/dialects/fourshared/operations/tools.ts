import { flag, long, text } from '../../../wire/soap/index.js';
import { asking, open } from '../operation.js';
import { accountItemArray, stringArray } from '../types.js';

// What the vendor's own programs ask: taken, and answered with nothing (specs/fourshared.md §5).

export const getToolList = open({
  doc: 'Programs to download: there are none.',
  params: {},
  result: stringArray,
  run: async () => [],
});

export const getToolUrl = open({
  doc: 'Where a program is: nowhere.',
  params: { tool: text(), system: text() },
  result: text(),
  run: async () => '',
});

export const getToolVersion = open({
  doc: 'The version of a program: none.',
  params: { tool: text(), system: text() },
  result: text(),
  run: async () => '',
});

export const getCurrentUploaderVersion = open({
  doc: 'Answers 0.',
  params: {},
  result: long(),
  run: async () => 0,
});

export const run = asking({
  doc: 'Does nothing.',
  params: { command: text(), argument: text() },
  result: text(),
  run: async () => '',
});

export const downloadFinished = asking({ doc: 'Noted nowhere.', params: { fileId: long() }, run: async () => {} });

export const syncFinished = asking({ doc: 'Noted nowhere.', params: { dirId: long() }, run: async () => {} });

export const markSynchronized = asking({ doc: 'Noted nowhere.', params: { id: long() }, run: async () => {} });

export const reportAbuse = asking({
  doc: 'Noted nowhere.',
  params: {
    agreed: flag(),
    first: text(),
    second: text(),
    third: text(),
    fourth: text(),
    fifth: text(),
    sixth: text(),
    seventh: text(),
  },
  result: text(),
  run: async () => '',
});

export const decodeId = asking({
  doc: 'The folder and password that a shared folder’s code stands for: none.',
  params: { encodedId: text() },
  result: text(),
  run: async () => '',
});

export const getDirLinkItems = asking({
  doc: 'What is in a linked folder: nothing.',
  params: {},
  result: accountItemArray,
  run: async () => [],
});

export const getSharedDirItems = asking({
  doc: 'What is in a folder that another account shares: nothing.',
  params: { dirId: long(), dirPassword: text(), userDirPassword: text() },
  result: accountItemArray,
  run: async () => [],
});

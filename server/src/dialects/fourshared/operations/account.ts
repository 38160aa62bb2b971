import { isRefusal } from '../../../engine/refusals.js';
import { flag, int, long, text } from '../../../wire/soap/index.js';
import { findDir, type Visit } from '../context.js';
import { asking, open } from '../operation.js';
import { problemOf, wrongCredentials } from '../problems.js';
import { freeSpace, maxFileSize, spaceLimit } from '../space.js';
import { ApiException } from '../types.js';

/** Are these the credentials of an account? */
const isKnown = async (visit: Visit, login: string, password: string): Promise<boolean> => {
  try {
    await visit.admit(login, password);
    return true;
  } catch (error) {
    if (isRefusal(error, 'unauthenticated')) return false;
    throw error;
  }
};

const credentials = { login: text(), password: text() };

export const login = open({
  doc: 'Checks a login and a password: answers an empty string, or what is wrong.',
  params: credentials,
  result: text(),
  run: async ({ login, password }, visit) =>
    (await isKnown(visit, login, password)) ? '' : problemOf(wrongCredentials).message,
});

export const isExistsLoginPassword = open({
  doc: 'Are this login and password right?',
  params: credentials,
  result: flag(),
  fault: ApiException,
  run: ({ login, password }, visit) => isKnown(visit, login, password),
});

export const isAccountActive = asking({
  doc: 'Is the account active? It always is.',
  params: {},
  result: flag(),
  run: async () => true,
});

export const isAccountBanned = asking({
  doc: 'Is the account banned? It never is.',
  params: {},
  result: flag(),
  run: async () => false,
});

export const isAccountPremium = asking({
  doc: 'Is the account a premium one? There are none.',
  params: {},
  result: flag(),
  run: async () => false,
});

export const hasRightUpload = open({
  doc: 'May files be uploaded at present?',
  params: {},
  result: flag(),
  run: async () => true,
});

export const getFreeSpace = asking({
  doc: 'Bytes that the account may still upload.',
  params: {},
  result: long(),
  run: (_args, { host, caller }) => freeSpace(host.quota, caller.account),
});

export const getSpaceLimit = asking({
  doc: 'Bytes that the account may have in all.',
  params: {},
  result: long(),
  run: (_args, { host, caller }) => spaceLimit(host.quota, caller.account),
});

export const getMaxFileSize = asking({
  doc: 'Bytes that one file may have.',
  params: {},
  result: long(),
  run: async (_args, { host, caller }) => maxFileSize(host.quota, caller.account),
});

export const uploaderLoggedIn = asking({
  doc: 'Told by the vendor’s uploader; noted nowhere.',
  params: { tool: text(), version: text() },
  result: flag(),
  run: async () => true,
});

const noSignup = 'Accounts are made by the administrator of this server.';

export const signup = open({
  doc: 'Makes no account: answers why.',
  params: credentials,
  result: text(),
  run: async () => noSignup,
});

export const signupUsername = open({
  doc: 'Makes no account: answers why.',
  params: { ...credentials, username: text() },
  result: text(),
  run: async () => noSignup,
});

export const checkSharedDirAccess = asking({
  doc: 'May the account see this folder? 0: yes; 1: there is no such folder. Folders are not shared.',
  params: { dirId: long(), dirPassword: text(), userDirPassword: text() },
  result: int(),
  run: async ({ dirId }, context) => ((await findDir(context, dirId)) ? 0 : 1),
});

import { isRefusal } from '../../../engine/refusals.js';
import { flag, int, long, text } from '../../../wire/soap/index.js';
import type { Context, Visit } from '../context.js';
import { dirOf, fromWire, toWire } from '../ids.js';
import { asking, open } from '../operation.js';
import { problemOf } from '../problems.js';
import { freeSpace, maxFileSize } from '../space.js';
import { type FileUploadInfo, fileUploadInfo } from '../types.js';

/** What is answered in place of an id where a reservation is refused (specs/fourshared.md §6). */
const refused = -1;

/** The id that `start` gives, as clients know it; or that of a refusal, with its sentence. */
const reserved = async (start: Promise<number>): Promise<{ fileId: number; message: string }> => {
  try {
    return { fileId: toWire(await start), message: '' };
  } catch (error) {
    if (!isRefusal(error) || isRefusal(error, 'draining')) throw error;
    return { fileId: refused, message: problemOf(error).message };
  }
};

/** The address of the form in a data centre; empty where there is no such centre, or the key is none. */
const formUrl = async ({ keys, centers, call }: Visit, center: number, key: string): Promise<string> => {
  const url = centers.uploadUrl(center, { key, origin: call.exchange.origin });
  return url !== undefined && (await keys.use(key)) ? url : '';
};

const mayUpload = async ({ host, drive, home, caller }: Context, dir: number): Promise<boolean> => {
  const place = await host.ledger.read((facts) => drive.findFolder(facts, home, dir));
  return caller.may('upload') && place !== undefined && !place.removed;
};

const newKey = async (context: Context, dir: number): Promise<string> =>
  (await mayUpload(context, dir)) ? context.keys.issue(context.caller, dir) : '';

const fileParameters = {
  dirID: long({ doc: 'The folder; -1 is the root.' }),
  name: text(),
  fullSize: long({ doc: 'Bytes.' }),
};

export const createUploadSessionKey = asking({
  doc: 'Answers a session key for uploads, or an empty text where nothing can be uploaded to the folder.',
  params: { dirID: fileParameters.dirID },
  result: text(),
  run: ({ dirID }, context) => newKey(context, dirOf(context.home, dirID)),
});

export const getNewFileDataCenter = asking({
  doc: 'Answers the number of a data centre to upload to, from 1 on.',
  params: {},
  result: long(),
  run: async (_, { centers, home }) => centers.numberFor(home.account),
});

export const getUploadFormUrl = open({
  doc: 'Answers where parts are to be posted, or an empty text where the data centre or the session key is not known.',
  params: { dataCenterID: int(), sessionKey: text() },
  result: text(),
  run: ({ dataCenterID, sessionKey }, visit) => formUrl(visit, dataCenterID, sessionKey.trim()),
});

export const uploadStartFile = asking({
  doc: 'Reserves an id for a file, and its size in the account; answers the id, or -1.',
  params: fileParameters,
  result: long(),
  run: async ({ dirID, name, fullSize }, { uploads, caller, home, from }) =>
    (await reserved(uploads.start({ caller, home, from }, { dir: dirOf(home, dirID), name, size: fullSize }))).fileId,
});

export const uploadStartFileUpdate = asking({
  doc: 'Begins a new content for a file, which keeps its id, and its name where none is given; answers the id, or -1.',
  params: { fileId: long(), name: fileParameters.name, fullSize: fileParameters.fullSize },
  result: long(),
  run: async ({ fileId, name, fullSize }, { uploads, caller, home, from }) =>
    (await reserved(uploads.startUpdate({ caller, home, from }, { id: fromWire(fileId), name, size: fullSize })))
      .fileId,
});

export const simpleUploadStart = asking({
  doc: 'Does in one call what a client needs before the first part: a session key, where to post to, and an id for the file.',
  params: fileParameters,
  result: fileUploadInfo,
  run: async ({ dirID, name, fullSize }, context): Promise<FileUploadInfo> => {
    const { uploads, centers, caller, home, from } = context;
    const { quota } = context.host;
    const dir = dirOf(home, dirID);
    const start = await reserved(uploads.start({ caller, home, from }, { dir, name, size: fullSize }));
    const key = start.fileId > 0 ? await newKey(context, dir) : '';
    return {
      ...start,
      freeSpace: await freeSpace(quota, caller.account),
      maxFileSize: maxFileSize(quota, caller.account),
      uploadUrl: key === '' ? '' : await formUrl(context, centers.numberFor(home.account), key),
    };
  },
});

export const uploadStartedFileExists = asking({
  doc: 'Says whether a file is on its way under this id and not finished.',
  params: { fileId: long() },
  result: flag(),
  run: async ({ fileId }, { uploads, home }) =>
    (await uploads.find(fromWire(fileId)))?.pending.home.drive === home.drive,
});

export const uploadCancelFile = asking({
  doc: 'Drops a file that is on its way, with its bytes and its reservation.',
  params: { fileId: long() },
  run: ({ fileId }, { uploads, home }) => uploads.cancel(home, fromWire(fileId)),
});

export const uploadFinishFile = asking({
  doc: 'Joins a file’s parts; answers an empty text, or why not, and then parts may be sent again.',
  params: { fileId: long(), md5: text({ doc: 'MD5 of the whole file, in hexadecimal digits; empty: not checked.' }) },
  result: text(),
  run: ({ fileId, md5 }, { uploads, home }) => uploads.finish(home, fromWire(fileId), md5),
});

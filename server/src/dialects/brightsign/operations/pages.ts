import { nillable, operationsWith, text } from '../../../wire/soap/index.js';
import type { Context } from '../context.js';
import { readPage } from '../messages.js';
import { completeSession } from '../sessions/complete.js';
import { findSession } from '../sessions/session.js';
import { startSession } from '../sessions/start.js';
import { pageStatusOf } from '../status.js';
import { anyPageArguments, FileUploadFault, pageStatus } from '../types.js';

const operation = operationsWith<Context>();

/** Most bytes of a message that tells of a page and its assets (specs/brightsign.md §A6). */
const largestMessage = 2 * 2 ** 20;

/** Begins a session for a web page, or for an update of one (§A5, §A10). */
export const StartWebPageUploadSession = operation({
  doc: 'Begins the upload of a web page and its assets; answers a session token, and an upload token for each file.',
  params: { args: anyPageArguments },
  flat: 'args',
  result: pageStatus,
  fault: FileUploadFault,
  limit: largestMessage,
  run: async ({ args }, context) => {
    context.caller.need('upload');
    return pageStatusOf(await startSession(context, readPage(args)));
  },
});

/** Makes a session a web page: what is specified now wins, for the page and for each asset (§A6). */
export const CompleteWebPageUploadSession = operation({
  doc: 'Publishes the files of a session as a web page and answers its id.',
  params: { args: anyPageArguments },
  flat: 'args',
  result: pageStatus,
  fault: FileUploadFault,
  limit: largestMessage,
  run: async ({ args }, context) => {
    context.caller.need('upload');
    return pageStatusOf(await completeSession(context, readPage(args)));
  },
});

/** Tells how a session stands; an unknown one is answered with nil, without error (§A8). */
export const GetWebPageUploadStatus = operation({
  doc: 'Answers how a web page and its assets stand; nil for an unknown token.',
  params: { sessionToken: nillable(text(), { aka: ['uploadToken'] }) },
  result: nillable(pageStatus),
  fault: FileUploadFault,
  run: async ({ sessionToken }, context) => {
    const session = sessionToken ? await findSession(context, sessionToken) : undefined;
    if (session) context.answerAs(session.group);
    return session && pageStatusOf(session);
  },
});

/** The seed's texts call it so, too (§A8). */
export const StartWebPageUpload = StartWebPageUploadSession;

import { isRefusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import type { FinishSpec } from '../../engine/verbs.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { XmlOutElement } from '../../wire/soap/index.js';
import { success } from './answers.js';
import type { Context, Parts } from './context.js';
import type { CheckedIn, CheckIn } from './library/library.js';
import type { Place } from './library/paths.js';
import { Problem, problems } from './problems.js';

/** Where a document is to go, and what is told of it. */
export interface Target {
  readonly place: Place;
  readonly details: CheckIn;
}

/** A document that is about to be made of an upload. */
export interface CheckingIn {
  /** Refuses what can be known to be refused before the document's bytes are there. */
  judge(): Promise<void>;
  /** To be called by the finish, within its transaction. */
  readonly record: NonNullable<FinishSpec['record']>;
  /** What it came to, if this finish made it. */
  outcome(): CheckedIn | undefined;
  /** Was it the library that refused the document with this error? */
  refused(error: unknown): boolean;
}

/** How an upload becomes a document of the library, or a new version of one. */
export const checkingIn = ({ host, library }: Parts, caller: Caller, { place, details }: Target): CheckingIn => {
  let outcome: CheckedIn | undefined;
  let refusal: unknown;
  const noting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      refusal = error;
      throw error;
    }
  };
  return {
    judge: () => noting(() => host.ledger.read((facts) => library.judgeCheckIn(facts, caller, place, details))),
    record: async (facts, { id, object, size, digests, owner }) => {
      if (object === null || size === null) throw new Error(`upload ${id} finished without bytes`);
      const version = { object, size, digests, by: owner, upload: id };
      const made = await noting(() => library.checkIn(facts, caller, place, version, details));
      outcome = made;
      return { ...made };
    },
    outcome: () => outcome,
    refused: (error) => error === refusal && (error instanceof Problem || isRefusal(error)),
  };
};

/** The answer to an upload that became a document; one published sample reads the id in capitals (specs/inforouter.md §4). */
export const documentAnswer = ({ documentId, versionId }: CheckedIn): XmlOutElement =>
  success({ DocumentId: documentId, VersionId: versionId, DocumentID: documentId });

/** Is this handler ready to become a document? One that never had a byte may be, as clients send no chunk of an empty file (§5.4). */
const isReady = ({ state, received }: Upload, emptyToo: boolean): boolean =>
  state === 'sealed' || (emptyToo && state === 'open' && received === 0);

/**
 * Makes a handler's upload a document, and ends the handler; also where the library refuses the document, unless the option
 * `keepOnFailedCommit` says otherwise (§5.5). Refuses `Invalid upload handler.` before its last chunk; the handler stays then.
 */
export const commit = async (context: Context, upload: Upload, target: Target): Promise<CheckedIn> => {
  const { host, options, caller } = context;
  if (!isReady(upload, options.emptyHandlers)) throw problems.invalidUploadHandler();
  const checking = checkingIn(context, caller, target);
  try {
    await checking.judge();
    const size = upload.state === 'open' ? { size: 0 } : {};
    await host.engine.finish(upload.id, { ...size, record: checking.record });
  } catch (error) {
    if (checking.refused(error) && !options.keepOnFailedCommit) await host.engine.cancel(upload.id);
    throw error;
  }
  const outcome = checking.outcome();
  // Another request was quicker; what it was told is not this one's.
  if (!outcome) throw problems.uploadHandlerNotFound();
  return outcome;
};

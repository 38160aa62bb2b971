import type { Facts } from '../../../engine/ports.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import { userOf } from '../people.js';
import { Problem, problems } from '../problems.js';
import { type Document, metadataOf } from './document.js';
import type { Failure, Library } from './library.js';
import { isDocument, type LibraryParts } from './places.js';

/** Refuses where somebody else has the document checked out. */
export const judgeHolder = ({ facts: { checkout } }: Document, { account }: Caller): void => {
  if (checkout && checkout.by !== account.name) throw problems.checkedOutBy(userOf(checkout.by).fullname);
};

/** Does `work` to each document, as far as it is not refused; says where it was. */
const eachOf = async (
  documents: readonly Document[],
  work: (document: Document) => Promise<void>,
): Promise<Failure[]> => {
  const failures: Failure[] = [];
  for (const document of documents)
    try {
      await work(document);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failures.push({ item: document.file.name, error: error.message });
    }
  return failures;
};

/** The library's verbs that check out and in (specs/inforouter.md §6.3). */
export const locking = ({ catalog, clock, places }: LibraryParts): Pick<Library, 'lock' | 'judgeLock' | 'unlock'> => {
  const mark = async (facts: Facts, { file, facts: known }: Document, by: string | null): Promise<void> => {
    const checkout = by === null ? null : { by, at: clock.now() };
    await catalog.amendFile(facts, file.id, { metadata: metadataOf({ ...known, checkout }) });
  };

  /** Also who has it checked out already is refused: the vendor does so. */
  const judge = ({ facts: { checkout } }: Document): void => {
    if (checkout) throw problems.checkedOutBy(userOf(checkout.by).fullname);
  };

  const lockOne = async (facts: Facts, caller: Caller, document: Document): Promise<void> => {
    judge(document);
    await mark(facts, document, caller.account.name);
  };

  const unlockOne = async (facts: Facts, caller: Caller, document: Document, force: boolean): Promise<void> => {
    const { checkout } = document.facts;
    if (!checkout) return;
    if (checkout.by !== caller.account.name) {
      if (!force) throw problems.notLockedByYou();
      if (!caller.may('admin')) throw problems.accessDenied();
    }
    await mark(facts, document, null);
  };

  /** Does `work` to the document here, or to those in the folder here. */
  const onPath = async (
    facts: Facts,
    path: string,
    work: (document: Document) => Promise<void>,
  ): Promise<Failure[]> => {
    const item = await places.needEither(facts, path);
    if (!isDocument(item)) return eachOf(await places.documentsIn(facts, item), work);
    await work(item);
    return [];
  };

  return {
    lock: async (facts, caller, path) => {
      caller.need('update');
      return onPath(facts, path, (document) => lockOne(facts, caller, document));
    },
    judgeLock: async (facts, caller, path) => {
      caller.need('update');
      judge(await places.needDocument(facts, path));
    },
    unlock: async (facts, caller, path, force) => {
      caller.need('update');
      return onPath(facts, path, (document) => unlockOne(facts, caller, document, force));
    },
  };
};

import { element, flag, type XmlOutElement } from '../../../wire/soap/index.js';
import { failure, success } from '../answers.js';
import type { Failure } from '../library/library.js';
import { ticketed } from '../operation.js';
import { Problem } from '../problems.js';
import { anyPath, documentPath } from './parameters.js';

const logElement = ({ item, error }: Failure): XmlOutElement =>
  element('log', {}, element('item', {}, item), element('error', {}, error));

/** What could not be done to some documents of a folder is told one by one (specs/inforouter.md §6.3). */
const logged = (failures: readonly Failure[]): XmlOutElement =>
  failures.length === 0 ? success({ error: '' }) : failure(new Problem(4000, '[log]'), {}, ...failures.map(logElement));

export const Lock = ticketed({
  doc: 'Checks out a document, or the documents in a folder.',
  params: { Path: anyPath },
  run: async ({ Path }, { host, library, caller }) =>
    logged(await host.ledger.transact((facts) => library.lock(facts, caller, Path))),
});

export const UnLock = ticketed({
  doc: 'Checks in a document, or the documents in a folder, without a new version.',
  params: { Path: anyPath, force: flag({ doc: 'Also what others have checked out; takes an administrator.' }) },
  run: async ({ Path, force }, { host, library, caller }) =>
    logged(await host.ledger.transact((facts) => library.unlock(facts, caller, Path, force))),
});

export const IsLockPossible = ticketed({
  doc: 'Says whether the caller could check out a document.',
  params: { Path: documentPath },
  run: async ({ Path }, { host, library, caller }) => {
    await host.ledger.read((facts) => library.judgeLock(facts, caller, Path));
    return success({ error: '' });
  },
});

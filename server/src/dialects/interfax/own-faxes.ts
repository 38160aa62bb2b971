import type { FactReader } from '../../engine/ports.js';
import type { Caller } from '../../services/accounts/accounts.js';
import { no } from './codes.js';
import type { Parts } from './context.js';
import type { Fax } from './faxes/fax.js';
import { readRecipients } from './faxes/numbers.js';

type Needed = Pick<Parts, 'host' | 'faxes'>;

/** The faxes that are meant, each the caller's own. Refuses -1005 where there is none, -311 for somebody else's. */
const needOwn = async (
  { host }: Needed,
  caller: Caller,
  find: (facts: FactReader) => Promise<readonly (Fax | undefined)[]>,
): Promise<[Fax, ...Fax[]]> => {
  const [first, ...others] = (await host.ledger.read(find)).filter((fax) => fax !== undefined);
  if (!first) throw no('noSuchFax');
  if (first.owner !== caller.account.name && !caller.may('admin')) throw no('notOwn');
  return [first, ...others];
};

/** A fax of the caller's. Refuses -1005 and -311. */
export const needFax = async (parts: Needed, caller: Caller, id: number): Promise<Fax> =>
  (await needOwn(parts, caller, async (facts) => [await parts.faxes.find(facts, id)]))[0];

/** The faxes of a batch of the caller's. Refuses -1005 and -311. */
export const needBatch = (parts: Needed, caller: Caller, parent: number): Promise<[Fax, ...Fax[]]> =>
  needOwn(parts, caller, (facts) => parts.faxes.batch(facts, parent));

/** Ends those that wait. Refuses -1005 where none does: there is nothing left to cancel. */
export const cancelFaxes = async ({ faxes }: Needed, found: readonly Fax[]): Promise<void> => {
  const cancelled = await faxes.cancel(found.map(({ id }) => id));
  if (cancelled.length === 0) throw no('noSuchFax');
};

/** Takes faxes out of the lists. */
export const hideFaxes = ({ faxes, host }: Needed, found: readonly Fax[]): Promise<void> =>
  host.ledger.transact(async (facts) => {
    for (const { id } of found) await faxes.hide(facts, id);
  });

/**
 * Faxes a fax's documents once more, to its number or, where it is not empty, to another one; gives the new id. Refuses -677,
 * -1005, -311, -112, and -1009 where the documents' time is over.
 */
export const resendFax = async (
  parts: Needed & Pick<Parts, 'options'>,
  caller: Caller,
  { id, number }: { id: number; number: string },
): Promise<number> => {
  const { host, options, faxes } = parts;
  caller.need('upload');
  await needFax(parts, caller, id);
  const given = number.trim() === '' ? null : readRecipients(number, '', options.country);
  if (given === undefined || (given && given.length > 1)) throw no('noRecipient');
  return host.ledger.transact(async (facts) => {
    const fax = await faxes.find(facts, id);
    if (!fax) throw no('noSuchFax');
    if (fax.documents.length === 0) throw no('noImage');
    return faxes.submit(facts, {
      owner: caller.account.name,
      recipients: given?.map((recipient) => ({ ...recipient, contact: fax.recipient.contact })) ?? [fax.recipient],
      settings: fax.settings,
      documents: fax.documents,
      postponedTo: null,
    });
  });
};

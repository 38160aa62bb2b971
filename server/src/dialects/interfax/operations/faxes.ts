import { bytes, bytesOut, int, long, optional, text } from '../../../wire/soap/index.js';
import { codes, no } from '../codes.js';
import type { Context, Credentials } from '../context.js';
import type { Fax } from '../faxes/fax.js';
import { readRecipients } from '../faxes/numbers.js';
import { answering, answeringInt, answeringLong, credentials, operation } from '../operation.js';

/** The faxes that are meant, each the caller's own. Refuses -1005 where there is none, -311 for somebody else's. */
const needOwn = async (
  { host, admit }: Context,
  { Username, Password }: Credentials,
  find: (facts: Parameters<Parameters<typeof host.ledger.read>[0]>[0]) => Promise<readonly (Fax | undefined)[]>,
): Promise<[Fax, ...Fax[]]> => {
  const caller = await admit({ Username, Password });
  const [first, ...others] = (await host.ledger.read(find)).filter((fax) => fax !== undefined);
  if (!first) throw no('noSuchFax');
  if (first.owner !== caller.account.name && !caller.may('admin')) throw no('notOwn');
  return [first, ...others];
};

const needFax = async (context: Context, caller: Credentials, id: number): Promise<Fax> =>
  (await needOwn(context, caller, async (facts) => [await context.faxes.find(facts, id)]))[0];

const needBatch = (context: Context, caller: Credentials, parent: number): Promise<[Fax, ...Fax[]]> =>
  needOwn(context, caller, (facts) => context.faxes.batch(facts, parent));

/** Ends those that wait. Refuses -1005 where none does: there is nothing left to cancel. */
const cancel = async ({ faxes }: Context, found: readonly Fax[]): Promise<number> => {
  const cancelled = await faxes.cancel(found.map(({ id }) => id));
  if (cancelled.length === 0) throw no('noSuchFax');
  return codes.done;
};

const hide = async ({ faxes, host }: Context, found: readonly Fax[]): Promise<number> => {
  await host.ledger.transact(async (facts) => {
    for (const { id } of found) await faxes.hide(facts, id);
  });
  return codes.done;
};

export const CancelFax = answeringInt({
  doc: 'Ends a fax that is not on the line; of a batch’s first, that one alone.',
  params: { ...credentials, TransactionID: int() },
  run: async ({ TransactionID, ...caller }, context) =>
    cancel(context, [await needFax(context, caller, TransactionID)]),
});

export const CancelBatch = answeringInt({
  doc: 'Ends all faxes of a batch that are not on the line.',
  params: { ...credentials, ParentTransactionID: int() },
  run: async ({ ParentTransactionID, ...caller }, context) =>
    cancel(context, await needBatch(context, caller, ParentTransactionID)),
});

export const ReSendFax = answeringLong({
  doc: 'Faxes a fax’s documents once more, to its number or another one, and answers the new transaction id.',
  params: { ...credentials, TransactionID: long(), FaxNumber: text({ doc: 'Empty for the number it had.' }) },
  run: async ({ TransactionID, FaxNumber, ...credentials }, context) => {
    const { host, options, faxes } = context;
    const caller = await context.admit(credentials);
    caller.need('upload');
    const { id } = await needFax(context, credentials, TransactionID);
    const given = FaxNumber.trim() === '' ? null : readRecipients(FaxNumber, '', options.country);
    if (given === undefined || (given && given.length > 1)) throw no('noRecipient');
    return host.ledger.transact(async (facts) => {
      const fax = await faxes.find(facts, id);
      if (!fax) throw no('noSuchFax');
      // Their time is over.
      if (fax.documents.length === 0) throw no('noImage');
      return faxes.submit(facts, {
        owner: caller.account.name,
        recipients: given?.map(({ number }) => ({ number, contact: fax.recipient.contact })) ?? [fax.recipient],
        settings: fax.settings,
        documents: fax.documents,
        postponedTo: null,
      });
    });
  },
});

export const HideFax = answeringInt({
  doc: 'Takes a fax out of the lists.',
  params: { ...credentials, TransactionID: int() },
  run: async ({ TransactionID, ...caller }, context) => hide(context, [await needFax(context, caller, TransactionID)]),
});

export const HideBatch = answeringInt({
  doc: 'Takes all faxes of a batch out of the lists.',
  params: { ...credentials, ParentTransactionID: int() },
  run: async ({ ParentTransactionID, ...caller }, context) =>
    hide(context, await needBatch(context, caller, ParentTransactionID)),
});

export const GetFaxImage = operation({
  doc: 'Answers the pages of a fax, as a TIFF.',
  params: { ...credentials, TransactionID: long(), Image: bytes({ doc: 'Not read; the answer has it.' }) },
  result: { GetFaxImageResult: long(), Image: optional(bytesOut()) },
  run: ({ TransactionID, Username, Password }, context) =>
    answering<{ GetFaxImageResult: number; Image?: AsyncIterable<Uint8Array> }>(
      context,
      async () => {
        const { image } = await needFax(context, { Username, Password }, TransactionID);
        if (!image) throw no('noImage');
        const Image = context.host.engine.readObject(image.object, { start: 0, end: image.size });
        return { GetFaxImageResult: codes.done, Image };
      },
      (code) => ({ GetFaxImageResult: code }),
    ),
});

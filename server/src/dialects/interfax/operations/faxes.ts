import { bytes, bytesOut, int, long, optional, text } from '../../../wire/soap/index.js';
import { codes, no } from '../codes.js';
import { answering, answeringInt, answeringLong, credentials, operation } from '../operation.js';
import { cancelFaxes, hideFaxes, needBatch, needFax, resendFax } from '../own-faxes.js';

export const CancelFax = answeringInt({
  doc: 'Ends a fax that is not on the line; of a batch’s first, that one alone.',
  params: { ...credentials, TransactionID: int() },
  run: async ({ TransactionID, ...caller }, context) => {
    await cancelFaxes(context, [await needFax(context, await context.admit(caller), TransactionID)]);
    return codes.done;
  },
});

export const CancelBatch = answeringInt({
  doc: 'Ends all faxes of a batch that are not on the line.',
  params: { ...credentials, ParentTransactionID: int() },
  run: async ({ ParentTransactionID, ...caller }, context) => {
    await cancelFaxes(context, await needBatch(context, await context.admit(caller), ParentTransactionID));
    return codes.done;
  },
});

export const ReSendFax = answeringLong({
  doc: 'Faxes a fax’s documents once more, to its number or another one, and answers the new transaction id.',
  params: { ...credentials, TransactionID: long(), FaxNumber: text({ doc: 'Empty for the number it had.' }) },
  run: async ({ TransactionID, FaxNumber, ...caller }, context) =>
    resendFax(context, await context.admit(caller), { id: TransactionID, number: FaxNumber }),
});

export const HideFax = answeringInt({
  doc: 'Takes a fax out of the lists.',
  params: { ...credentials, TransactionID: int() },
  run: async ({ TransactionID, ...caller }, context) => {
    await hideFaxes(context, [await needFax(context, await context.admit(caller), TransactionID)]);
    return codes.done;
  },
});

export const HideBatch = answeringInt({
  doc: 'Takes all faxes of a batch out of the lists.',
  params: { ...credentials, ParentTransactionID: int() },
  run: async ({ ParentTransactionID, ...caller }, context) => {
    await hideFaxes(context, await needBatch(context, await context.admit(caller), ParentTransactionID));
    return codes.done;
  },
});

export const GetFaxImage = operation({
  doc: 'Answers the pages of a fax, as a TIFF.',
  params: { ...credentials, TransactionID: long(), Image: bytes({ doc: 'Not read; the answer has it.' }) },
  result: { GetFaxImageResult: long(), Image: optional(bytesOut()) },
  run: ({ TransactionID, Username, Password }, context) =>
    answering<{ GetFaxImageResult: number; Image?: AsyncIterable<Uint8Array> }>(
      context,
      async () => {
        const { image } = await needFax(context, await context.admit({ Username, Password }), TransactionID);
        if (!image) throw no('noImage');
        const Image = context.host.engine.readObject(image.object, { start: 0, end: image.size });
        return { GetFaxImageResult: codes.done, Image };
      },
      (code) => ({ GetFaxImageResult: code }),
    ),
});

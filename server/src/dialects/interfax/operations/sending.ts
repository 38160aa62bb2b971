import { bytes, dateTime, flag, int, optional, text } from '../../../wire/soap/index.js';
import type { Context, Credentials } from '../context.js';
import { readSizes, readTypes } from '../documents.js';
import { answeringLong, credentials } from '../operation.js';
import type { Received } from '../receiving.js';
import { receiveData, type Sending, send } from '../sending.js';
import { settingsOf, type Wishes } from '../settings.js';

const numbers = text({ doc: 'One number, or several parted by semicolons.' });

/** What is to be faxed, as both operations for many say it. */
const documents = {
  FilesData: bytes({ doc: 'The documents, one behind the other; nothing where FileSizes names sessions.' }),
  FileTypes: text({ doc: 'The type of each document, parted by semicolons: PDF;HTML' }),
  FileSizes: text({ doc: 'The bytes of each, parted by semicolons; with /sessionID=… of what was uploaded.' }),
  Postpone: optional(dateTime(), { minOccurs: 1, doc: 'Not to be sent before; at most 30 days ahead.' }),
};

/** Recipients of the older operation (specs/interfax.md §8). */
const mostRecipientsEx = 500;

/** A fax of one document to one number, as is usual. */
const sendOne = (
  context: Context,
  { Username, Password, FaxNumber }: Credentials & { readonly FaxNumber: string },
  { type, data }: { readonly type: string; readonly data: Received | undefined },
): Promise<number> =>
  send(
    context,
    {
      Username,
      Password,
      numbers: FaxNumber,
      contacts: '',
      mostRecipients: 1,
      types: readTypes(type, 1, 1),
      sizes: null,
      postpone: undefined,
      settings: settingsOf({}, context.options),
    },
    data,
  );

interface ForMany extends Credentials {
  readonly FaxNumbers: string;
  readonly FilesData: Received | undefined;
  readonly FileTypes: string;
  readonly FileSizes: string;
  readonly Postpone?: Date | undefined;
}

/** A fax of several documents to several numbers. */
const sendToMany = (
  context: Context,
  { Username, Password, FaxNumbers, FilesData, FileTypes, FileSizes, Postpone }: ForMany,
  { wishes, ...more }: Pick<Sending, 'contacts' | 'mostRecipients'> & { readonly wishes: Wishes },
): Promise<number> => {
  const sizes = readSizes(FileSizes);
  const types = readTypes(FileTypes, sizes.length, context.options.maxDocuments);
  const settings = settingsOf(wishes, context.options);
  const sending = { Username, Password, numbers: FaxNumbers, types, sizes, postpone: Postpone, settings, ...more };
  return send(context, sending, FilesData);
};

export const Sendfax = answeringLong({
  doc: 'Faxes one document to one number and answers the transaction id.',
  params: { ...credentials, FaxNumber: text(), FileData: bytes(), FileType: text() },
  receive: (sofar, context, source): Promise<Received> => receiveData(context, sofar, source),
  run: async ({ FileData, FileType, ...args }, context) => sendOne(context, args, { type: FileType, data: FileData }),
});

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}

export const SendCharFax = answeringLong({
  doc: 'Faxes a text to one number and answers the transaction id.',
  params: { ...credentials, FaxNumber: text(), Data: text(), FileType: text({ doc: 'TXT where it is left out.' }) },
  run: async ({ Data, FileType, ...args }, context) => {
    const type = FileType.trim() || 'TXT';
    const data = Data === '' ? undefined : await receiveData(context, args, once(Buffer.from(Data)));
    return sendOne(context, args, { type, data });
  },
});

export const SendfaxEx = answeringLong({
  doc: 'The older form of SendfaxEx_2.',
  params: {
    ...credentials,
    FaxNumbers: numbers,
    ...documents,
    IsHighResolution: flag(),
    CSID: text(),
    Subject: text(),
    ReplyAddress: text(),
  },
  receive: (sofar, context, source): Promise<Received> => receiveData(context, sofar, source),
  run: async ({ IsHighResolution, CSID, Subject, ReplyAddress, ...args }, context) =>
    sendToMany(context, args, {
      contacts: '',
      mostRecipients: mostRecipientsEx,
      wishes: { isFine: IsHighResolution, csid: CSID, subject: Subject, replyAddress: ReplyAddress },
    }),
});

export const SendfaxEx_2 = answeringLong({
  doc: 'Faxes documents, sent along or uploaded before, to one or more numbers and answers the first transaction id.',
  params: {
    ...credentials,
    FaxNumbers: numbers,
    Contacts: text({ doc: 'Names, parted by semicolons, in the order of the numbers.' }),
    ...documents,
    RetriesToPerform: int({ doc: 'Attempts at a transmission.' }),
    CSID: text({ doc: 'The sender’s id, at most 20 characters.' }),
    PageHeader: text({ doc: 'The line above each page, with placeholders; Y for the usual one, N for none.' }),
    JobID: text(),
    Subject: text({ doc: 'For reference, at most 60 characters.' }),
    ReplyAddress: text(),
    PageSize: text({ doc: 'A4, Letter, Legal or B4.' }),
    PageOrientation: text({ doc: 'Portrait or Landscape.' }),
    IsHighResolution: flag(),
    IsFineRendering: flag({ doc: 'Rendered for greys rather than for black and white.' }),
  },
  receive: (sofar, context, source): Promise<Received> => receiveData(context, sofar, source),
  run: async (args, context) =>
    sendToMany(context, args, {
      contacts: args.Contacts,
      mostRecipients: context.options.maxRecipients,
      wishes: {
        csid: args.CSID,
        pageHeader: args.PageHeader,
        jobId: args.JobID,
        subject: args.Subject,
        replyAddress: args.ReplyAddress,
        pageSize: args.PageSize,
        orientation: args.PageOrientation,
        isFine: args.IsHighResolution,
        isGreyscale: args.IsFineRendering,
        attempts: args.RetriesToPerform,
      },
    }),
});

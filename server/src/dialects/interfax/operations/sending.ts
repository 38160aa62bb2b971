import { bytes, dateTime, flag, int, optional, text } from '../../../wire/soap/index.js';
import { readSizes, readTypes } from '../documents.js';
import { answeringLong, credentials } from '../operation.js';
import type { Received } from '../receiving.js';
import { receiveData, send } from '../sending.js';
import { settingsOf } from '../settings.js';

const numbers = text({ doc: 'One number, or several parted by semicolons.' });
const filesData = bytes({ doc: 'The documents, one behind the other; nothing where FileSizes names sessions.' });
const fileTypes = text({ doc: 'The type of each document, parted by semicolons: PDF;HTML' });
const fileSizes = text({ doc: 'The bytes of each, parted by semicolons; with /sessionID=… of what was uploaded.' });
const postpone = optional(dateTime(), { minOccurs: 1, doc: 'Not to be sent before; at most 30 days ahead.' });

/** Recipients of the older operation (specs/interfax.md §8). */
const mostRecipientsEx = 500;

export const Sendfax = answeringLong({
  doc: 'Faxes one document to one number and answers the transaction id.',
  params: { ...credentials, FaxNumber: text(), FileData: bytes(), FileType: text() },
  receive: (sofar, context, source): Promise<Received> => receiveData(context, sofar, source),
  run: async ({ Username, Password, FaxNumber, FileData, FileType }, context) =>
    send(
      context,
      {
        Username,
        Password,
        numbers: FaxNumber,
        contacts: '',
        mostRecipients: 1,
        types: readTypes(FileType, 1, 1),
        sizes: null,
        postpone: undefined,
        settings: settingsOf({}, context.options),
      },
      FileData,
    ),
});

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}

export const SendCharFax = answeringLong({
  doc: 'Faxes a text to one number and answers the transaction id.',
  params: { ...credentials, FaxNumber: text(), Data: text(), FileType: text({ doc: 'TXT where it is left out.' }) },
  run: async ({ Username, Password, FaxNumber, Data, FileType }, context) => {
    const types = readTypes(FileType.trim() || 'TXT', 1, 1);
    const received =
      Data === '' ? undefined : await receiveData(context, { Username, Password }, once(Buffer.from(Data)));
    return send(
      context,
      {
        Username,
        Password,
        numbers: FaxNumber,
        contacts: '',
        mostRecipients: 1,
        types,
        sizes: null,
        postpone: undefined,
        settings: settingsOf({}, context.options),
      },
      received,
    );
  },
});

export const SendfaxEx = answeringLong({
  doc: 'The older form of SendfaxEx_2.',
  params: {
    ...credentials,
    FaxNumbers: numbers,
    FilesData: filesData,
    FileTypes: fileTypes,
    FileSizes: fileSizes,
    Postpone: postpone,
    IsHighResolution: flag(),
    CSID: text(),
    Subject: text(),
    ReplyAddress: text(),
  },
  receive: (sofar, context, source): Promise<Received> => receiveData(context, sofar, source),
  run: async ({ Username, Password, ...args }, context) => {
    const sizes = readSizes(args.FileSizes);
    const types = readTypes(args.FileTypes, sizes.length, context.options.maxDocuments);
    const settings = settingsOf(
      { isFine: args.IsHighResolution, csid: args.CSID, subject: args.Subject, replyAddress: args.ReplyAddress },
      context.options,
    );
    return send(
      context,
      {
        Username,
        Password,
        numbers: args.FaxNumbers,
        contacts: '',
        mostRecipients: mostRecipientsEx,
        types,
        sizes,
        postpone: args.Postpone,
        settings,
      },
      args.FilesData,
    );
  },
});

export const SendfaxEx_2 = answeringLong({
  doc: 'Faxes documents, sent along or uploaded before, to one or more numbers and answers the first transaction id.',
  params: {
    ...credentials,
    FaxNumbers: numbers,
    Contacts: text({ doc: 'Names, parted by semicolons, in the order of the numbers.' }),
    FilesData: filesData,
    FileTypes: fileTypes,
    FileSizes: fileSizes,
    Postpone: postpone,
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
  run: async ({ Username, Password, ...args }, context) => {
    const sizes = readSizes(args.FileSizes);
    const types = readTypes(args.FileTypes, sizes.length, context.options.maxDocuments);
    const settings = settingsOf(
      {
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
      context.options,
    );
    return send(
      context,
      {
        Username,
        Password,
        numbers: args.FaxNumbers,
        contacts: args.Contacts,
        mostRecipients: context.options.maxRecipients,
        types,
        sizes,
        postpone: args.Postpone,
        settings,
      },
      args.FilesData,
    );
  },
});

import {
  bytesOption,
  choiceOption,
  numberOption,
  type OptionTable,
  type OptionValues,
  textOption,
} from '../../kit/options.js';
import { deliveryOptions } from './delivery-options.js';
import { pageSizes } from './faxes/fax.js';

const minute = 60 * 1000;
const day = 24 * 60 * minute;

/** What can be set about the InterFAX dialect; what the vendor has not published stands here (specs/interfax.md §12). */
export const options = {
  sessionLife: numberOption({
    help: 'After how many ms without a chunk an upload session ends, also one that is complete and was not faxed.',
    default: 60 * minute,
    min: 1000,
    placeholder: 'MS',
  }),
  maxChunk: bytesOption({ help: 'Largest chunk, in bytes.', default: 3 * 2 ** 20 }),
  maxUpload: bytesOption({
    help: 'Most bytes of one upload session, and of all documents of a fax.',
    default: 20 * 2 ** 20,
  }),
  maxRequest: bytesOption({
    help: 'Largest SOAP or form request, in bytes as sent: a chunk in base64 is longer by a third, or more with line breaks.',
    default: 4_718_592,
  }),
  maxDocuments: numberOption({ help: 'Most documents of one fax.', default: 100, min: 1 }),
  maxRecipients: numberOption({ help: 'Most recipients of one SendfaxEx_2.', default: 20_000, min: 1 }),
  maxPostpone: numberOption({
    help: 'How many ms ahead a fax may be postponed.',
    default: 30 * day,
    placeholder: 'MS',
  }),
  country: textOption({
    help: 'Country code of numbers that name none.',
    default: '1',
    placeholder: 'DIGITS',
  }),
  csid: textOption({
    help: 'Sender id of faxes that name none, at most 20 characters.',
    default: '',
    placeholder: 'ID',
  }),
  pageHeader: textOption({
    help: 'Line above each page of faxes that name none, with placeholders.',
    default: 'To: {To} From: {From} Pages: {TotalPages}',
    placeholder: 'TEMPLATE',
  }),
  pageSize: choiceOption({
    help: 'Page size of faxes that name none: `A4`, `Letter`, `Legal`, `B4`.',
    choices: pageSizes,
    default: 'A4',
  }),
  attempts: numberOption({ help: 'Attempts at a transmission where a fax does not say how many.', default: 3, min: 1 }),
  pollsPerMinute: numberOption({
    help: 'How often in a minute a user may ask for the status of faxes; 0: as often as they like.',
    default: 0,
  }),
  keepImages: numberOption({
    help: 'For how many ms the documents and the image of a fax are kept when it is over.',
    default: 14 * day,
    placeholder: 'MS',
  }),
  keepFaxes: numberOption({
    help: 'For how many ms a fax that is over is kept in the lists.',
    default: 30 * day,
    placeholder: 'MS',
  }),
  ...deliveryOptions,
} satisfies OptionTable;

export type InterfaxOptions = OptionValues<typeof options>;

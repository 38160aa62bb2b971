import { bytesOption, numberOption, type OptionTable, type OptionValues, textOption } from '../../kit/options.js';

const day = 24 * 60 * 60 * 1000;

/** What can be set about the BrightSign dialect. */
export const options = {
  serviceNamespace: textOption({
    help: 'XML namespace of the upload service’s operations (specs/brightsign.md §A2: the vendor’s own is not public).',
    default: 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/',
    placeholder: 'URI',
  }),
  dataNamespace: textOption({
    help: 'XML namespace of the upload service’s data.',
    default: 'BSN.WebServices.Uploads.DTO.2014.07',
    placeholder: 'URI',
  }),
  account: textOption({
    help: 'Name of the account (network) that logins must name before the slash; empty: any will do.',
    default: '',
    placeholder: 'NAME',
  }),
  maxChunk: bytesOption({ help: 'Largest chunk, in bytes.', default: 64 * 2 ** 20 }),
  expireAfter: numberOption({
    help: 'After how many ms without a chunk an unfinished upload ends.',
    default: day,
    placeholder: 'MS',
  }),
} satisfies OptionTable;

export type BrightSignOptions = OptionValues<typeof options>;

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
  applicationNamespace: textOption({
    help: 'XML namespace of the application service’s operations.',
    default: 'https://api.brightsignnetwork.com/2014/12/SOAP/',
    placeholder: 'URI',
  }),
  applicationDataNamespace: textOption({
    help: 'XML namespace of the application service’s data.',
    default: 'BSN.WebServices.Application.DTO.2014.12',
    placeholder: 'URI',
  }),
  thumbnailBytes: bytesOption({
    help: 'Largest image or video, in bytes, of which a thumbnail is made; 0: none are made.',
    default: 256 * 2 ** 20,
  }),
  ffmpeg: textOption({
    help: 'The ffmpeg program, for thumbnails of videos and Windows bitmaps; where there is none, or it is empty, they have none.',
    default: 'ffmpeg',
    placeholder: 'PROGRAM',
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
  tokenLife: numberOption({
    help: 'How long an access token of the REST API is valid, in ms. A vendor’s library renews one that has 5 minutes left.',
    default: day / 24,
    min: 1,
    placeholder: 'MS',
  }),
  refreshTokenLife: numberOption({
    help: 'How long a refresh token of the REST API is valid, in ms.',
    default: 14 * day,
    min: 1,
    placeholder: 'MS',
  }),
} satisfies OptionTable;

export type BrightSignOptions = OptionValues<typeof options>;

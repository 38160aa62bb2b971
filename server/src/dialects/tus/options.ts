import { bytesOption, numberOption, type OptionTable, type OptionValues, textOption } from '../../kit/options.js';

const week = 7 * 24 * 60 * 60 * 1000;

/** What can be set about the tus dialect. */
export const options = {
  path: textOption({ help: 'Where uploads are created, below the mount.', default: '/files/', placeholder: 'PATH' }),
  maxSize: bytesOption({ help: 'Largest upload, in bytes; 0: no limit but the account’s own.', default: 0 }),
  expireAfter: numberOption({
    help: 'After how many ms without a chunk an unfinished upload ends; 0: never.',
    default: week,
    placeholder: 'MS',
  }),
  metadataLimit: bytesOption({ help: 'Longest Upload-Metadata header, in bytes.', default: 8192 }),
} satisfies OptionTable;

export type TusOptions = OptionValues<typeof options>;

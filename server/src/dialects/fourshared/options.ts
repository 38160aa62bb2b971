import { listOption, numberOption, type OptionTable, type OptionValues } from '../../kit/options.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** What can be set about the 4shared dialect (specs/fourshared.md §12 has what the vendor did not publish). */
export const options = {
  dataCenters: listOption({
    help: 'Public addresses at which parts of files are taken, as data centres 1, 2, 3 …; none: where the client asked.',
    default: [],
    placeholder: 'URLS',
  }),
  keyLife: numberOption({
    help: 'After how many ms without use an upload session key ends.',
    default: day,
    min: 1000,
    placeholder: 'MS',
  }),
  expireAfter: numberOption({
    help: 'After how many ms without a new byte an unfinished upload ends.',
    default: 7 * day,
    min: 1000,
    placeholder: 'MS',
  }),
} satisfies OptionTable;

export type FourSharedOptions = OptionValues<typeof options>;

import { numberOption, type OptionTable, type OptionValues } from '../kit/options.js';

/** What can be set about the API and who is logged in to it. */
export const apiOptions = {
  sessionHours: numberOption({
    help: 'Hours after which a login to the web page ends when nobody uses it.',
    default: 12,
    min: 1,
  }),
  sessionDays: numberOption({
    help: 'Days after which a login to the web page ends, used or not.',
    default: 30,
    min: 1,
  }),
} as const satisfies OptionTable;

export type ApiOptions = OptionValues<typeof apiOptions>;

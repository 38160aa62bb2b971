import { numberOption, type OptionTable, type OptionValues } from '../../kit/options.js';

/** What can be set about tidying up. */
export const janitorOptions = {
  everySeconds: numberOption({ help: 'Seconds between two rounds of tidying up.', default: 60, min: 1 }),
  keepDays: numberOption({
    help: 'Days for which it is remembered how an ended upload ended; its file stays.',
    default: 7,
  }),
} as const satisfies OptionTable;

export type JanitorOptions = OptionValues<typeof janitorOptions>;

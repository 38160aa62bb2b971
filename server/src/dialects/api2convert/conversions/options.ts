import { numberOption, type OptionTable, type OptionValues } from '../../../kit/options.js';

/** What can be set about conversions. */
export const conversionOptions = {
  conversionTimeout: numberOption({
    help: 'After how many ms a conversion that has not ended is ended as failed.',
    default: 60 * 60 * 1000,
    min: 1000,
    placeholder: 'MS',
  }),
} satisfies OptionTable;

export type ConversionSettings = OptionValues<typeof conversionOptions>;

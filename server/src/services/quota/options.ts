import { bytesOption, type Option, type OptionTable, type OptionValues } from '../../kit/options.js';

/** Bytes, or no limit. */
const limitOption = (help: string): Option<number | null> => {
  const { parse } = bytesOption({ help, default: 0 });
  return {
    help,
    default: null,
    placeholder: 'BYTES',
    parse: (value) => (value === null || value === 'none' ? null : parse(value)),
  };
};

/** What can be set about quotas. */
export const quotaOptions = {
  account: limitOption('Bytes that an account without a quota of its own may have; none: no limit.'),
  largestFile: limitOption('Largest file that is taken; none: no limit.'),
} as const satisfies OptionTable;

export type QuotaOptions = OptionValues<typeof quotaOptions>;

import { numberOption, type OptionTable, type OptionValues, textOption } from '../../kit/options.js';

/** What can be set about accounts. */
export const accountsOptions = {
  anonymous: textOption<null>({
    help: 'Name of the account that requests without credentials belong to; not set: they are refused.',
    default: null,
    placeholder: 'NAME',
  }),
  passwordCost: numberOption({
    help: 'How much work a password hash is: scrypt with N = 2 to this power; raised hashes follow at the next login.',
    default: 15,
    min: 10,
  }),
  passwordChecks: numberOption({
    help: 'How many passwords are hashed at the same time; each takes 32 MiB at the default cost.',
    default: 2,
    min: 1,
  }),
  rememberSeconds: numberOption({
    help: 'Seconds for which a verified name and password are remembered; 0: not at all.',
    default: 300,
  }),
} as const satisfies OptionTable;

export type AccountsOptions = OptionValues<typeof accountsOptions>;

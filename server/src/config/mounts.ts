import { flagOption, numberOption, type Option, type OptionValues, textOption } from '../kit/options.js';

/** An option that may be left unset. */
const orNot = <T>(option: Option<T>): Option<T | null> => ({ ...option, default: null });

/** Every dialect has these beside its own options. By default it is found at its own paths, where its clients look for them. */
export const mountOptions = {
  enabled: flagOption({ help: 'Whether this protocol is spoken.', default: true }),
  prefix: textOption({
    help: 'Path before its own paths: /tus; empty for none.',
    default: '',
    placeholder: 'PATH',
  }),
  host: textOption<null>({
    help: 'Host name by which alone it is reached; *.example.com for all names below.',
    default: null,
    placeholder: 'NAME',
  }),
  port: orNot(numberOption({ help: 'TCP port of its own; 0 takes a free one.', default: 0, placeholder: 'PORT' })),
};

/** Where a dialect is found. */
export type MountValues = OptionValues<typeof mountOptions>;

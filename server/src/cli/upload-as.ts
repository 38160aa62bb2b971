import { type Source, type Upload, type UploadOptions, upload } from '@longshore/client/node';

/** Flags that only some protocols understand. */
export interface DialectFlags {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly virtualPath?: string;
  readonly webPage?: string;
  readonly folder?: string;
  readonly comment?: string;
  readonly convert?: string;
  readonly fax?: string;
}

/** One protocol that `longshore upload` speaks. */
export interface UploadAs {
  /** The flags that it understands beside those of all. */
  readonly takes: readonly (keyof DialectFlags)[];
  /** Those of them that must be given. */
  readonly needs?: readonly (keyof DialectFlags)[];
  begin(source: Source, common: UploadOptions, flags: DialectFlags): Upload;
}

/** The flags that were given, and no undefined ones. */
const given = <K extends keyof DialectFlags>(flags: DialectFlags, ...names: readonly K[]): Pick<DialectFlags, K> =>
  Object.fromEntries(names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]])) as Pick<
    DialectFlags,
    K
  >;

/** The protocols by the name that `--as` has for them. */
export const uploadAs = {
  tus: {
    takes: ['metadata'],
    begin: (source, common, flags) => upload('tus', source, { ...common, ...given(flags, 'metadata') }),
  },
  brightsign: {
    takes: ['virtualPath', 'webPage'],
    begin: (source, common, flags) => upload('brightsign', source, { ...common, ...given(flags, 'virtualPath') }),
  },
  inforouter: {
    takes: ['folder', 'comment'],
    begin: (source, common, flags) => upload('inforouter', source, { ...common, ...given(flags, 'folder', 'comment') }),
  },
  '4shared': {
    takes: ['folder'],
    begin: (source, common, flags) => upload('4shared', source, { ...common, ...given(flags, 'folder') }),
  },
  api2convert: {
    takes: ['convert'],
    begin: (source, common, flags) => upload('api2convert', source, { ...common, ...given(flags, 'convert') }),
  },
  interfax: {
    takes: ['fax'],
    needs: ['fax'],
    begin: (source, common, { fax = '' }) => upload('interfax', source, { ...common, fax }),
  },
} as const satisfies Readonly<Record<string, UploadAs>>;

/** What may stand behind `--as`. */
export type UploadAsName = keyof typeof uploadAs;

/** Flags by the name that people give them. */
const flagNames: Readonly<Record<keyof DialectFlags, string>> = {
  metadata: '--metadata',
  virtualPath: '--virtual-path',
  webPage: '--web-page',
  folder: '--folder',
  comment: '--comment',
  convert: '--convert',
  fax: '--fax',
};

/** Throws where a flag was given that the protocol does not understand, and where one is missing that it needs. */
export const judgeFlags = (name: UploadAsName, flags: DialectFlags): void => {
  for (const [flag, text] of Object.entries(flagNames) as [keyof DialectFlags, string][]) {
    const takers = Object.entries<UploadAs>(uploadAs).filter(([, { takes }]) => takes.includes(flag));
    if (flags[flag] !== undefined && !takers.some(([taker]) => taker === name))
      throw new Error(`${text} is for ${takers.map(([taker]) => `--as ${taker}`).join(' and ')}.`);
  }
  const { needs = [] }: UploadAs = uploadAs[name];
  for (const flag of needs) if (flags[flag] === undefined) throw new Error(`--as ${name} needs ${flagNames[flag]}.`);
};

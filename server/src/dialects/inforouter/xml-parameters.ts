import { readElement } from '../../wire/xml/build.js';
import { XmlError } from '../../wire/xml/errors.js';
import { xmlReader } from '../../wire/xml/reader.js';
import type { XmlElement } from '../../wire/xml/tree.js';
import type { CheckIn } from './library/library.js';
import { manualVersion } from './library/version-numbers.js';
import { problems } from './problems.js';

const limit = 1_000_000;

const parse = async (text: string): Promise<XmlElement | undefined> => {
  const source = (async function* () {
    yield Buffer.from(text);
  })();
  try {
    const reader = xmlReader(source);
    const opened = await reader.next();
    if (opened?.type !== 'open') return undefined;
    const root = await readElement(reader, opened, limit);
    while (await reader.next());
    return root;
  } catch (error) {
    if (error instanceof XmlError) throw problems.invalidParameter('xmlParameters');
    throw error;
  }
};

const attribute = ({ attributes }: XmlElement, ...names: string[]): string | undefined =>
  attributes.find(({ local }) => names.includes(local.toLowerCase()))?.value;

/** Keys in upper case, with their values; the first of a key counts. */
const pairsOf = (root: XmlElement): Map<string, string> => {
  const pairs = new Map<string, string>();
  for (const child of root.children) {
    const key = attribute(child, 'name', 'key')?.trim().toUpperCase();
    if (key !== undefined && !pairs.has(key)) pairs.set(key, attribute(child, 'value') ?? child.text);
  }
  return pairs;
};

const flagOf = (key: string, value: string): boolean => {
  if (/^(on|true|t|yes|y|1)$/i.test(value.trim())) return true;
  if (/^(off|false|f|no|n|0)$/i.test(value.trim())) return false;
  throw problems.invalidParameter(key);
};

const dateForm = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;

/** ms since 1970; a date without a zone is UTC. */
const dateOf = (key: string, value: string): number => {
  const text = value.trim().replace(' ', 'T');
  const zoned = text.length === 10 || /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const at = dateForm.test(value.trim()) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(at)) throw problems.invalidParameter(key);
  return at;
};

const publishOptions = {
  serverdefault: 'ServerDefault',
  publish: 'Publish',
  dontpublish: 'DontPublish',
  donotpublish: 'DontPublish',
} as const;

const publishOf = (key: string, value: string): NonNullable<CheckIn['publish']> => {
  const word = value.trim().toLowerCase();
  const found = Object.entries(publishOptions).find(([name]) => name === word);
  if (!found) throw problems.invalidParameter(key);
  return found[1];
};

const wholeOf = (key: string, value: string): number => {
  if (!/^\d{1,6}$/.test(value.trim())) throw problems.invalidParameter(key);
  return Number(value);
};

/**
 * Reads the parameter `xmlParameters` in any of its three published spellings (specs/inforouter.md §5.6): any root, any
 * child elements, a key in `NAME` or `KEY`, a value in `VALUE` or as text. Nothing, and what holds nothing, means nothing;
 * unknown keys do too, and so do known ones without a value that is no text. Refuses what is not XML, and values out of their range.
 */
export const readXmlParameters = async (text: string): Promise<CheckIn> => {
  const root = text.trim() === '' ? undefined : await parse(text.trim());
  const pairs = root ? pairsOf(root) : new Map<string, string>();
  const as = <T>(key: string, read: (key: string, value: string) => T): T | undefined => {
    const value = pairs.get(key);
    return value === undefined || value.trim() === '' ? undefined : read(key, value);
  };
  as('SENDEMAILS', flagOf);
  const plain = {
    textOnlyContent: pairs.get('TEXTONLYCONTENT'),
    description: pairs.get('DESCRIPTION'),
    keywords: pairs.get('KEYWORDS'),
    comment: pairs.get('VERSIONCOMMENT'),
    checkout: as('CHECKOUT', flagOf),
    publish: as('PUBLISHOPTION', publishOf),
    creationDate: as('CREATIONDATE', dateOf),
    modificationDate: as('MODIFICATIONDATE', dateOf),
    manualVersion: manualVersion({
      major: as('MPVERSIONMAJOR', wholeOf),
      minor: as('MPVERSIONMINOR', wholeOf),
      revision: as('MPVERSIONREVISION', wholeOf),
    }),
  };
  return Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as CheckIn;
};

import type { Json } from '../../../kit/json.js';
import type { File, Version } from '../../../services/catalog/catalog.js';
import { problems } from '../problems.js';
import { readVersionNumber } from './version-numbers.js';

/** Who has a document checked out, and since when (ms since 1970). */
export interface Checkout {
  readonly by: string;
  readonly at: number;
}

/** Which version is published (specs/inforouter.md §6.2; the spelling is the vendor's). */
export type PublishingRule = 'LATEST' | 'SPESIFICVERSION' | 'UNPUBLISHED';

/** What the dialect keeps of a version; the catalog keeps the rest. */
export interface VersionFacts {
  /** The catalog's number of the version: 1, 2, 3 … */
  readonly ordinal: number;
  /** The packed number. */
  readonly number: number;
  readonly comment: string;
  /** ms since 1970; null: never. */
  readonly publishedAt: number | null;
}

/** What the dialect keeps of a document, as the metadata of its file. */
export interface DocumentFacts {
  readonly description: string;
  readonly keywords: string;
  /** ms since 1970, if the client told one; null: when the catalog says. */
  readonly createdAt: number | null;
  readonly modifiedAt: number | null;
  readonly checkout: Checkout | null;
  readonly rule: PublishingRule;
  /** The published version's packed number; 0: none. */
  readonly published: number;
  readonly versions: readonly VersionFacts[];
}

/** A version of a document: `number` is the packed one. */
export type DocumentVersion = Omit<Version, 'number'> & VersionFacts;

/** A document: a file of the library, and what the dialect knows of it. */
export interface Document {
  readonly file: File;
  readonly facts: DocumentFacts;
  /** The oldest first. */
  readonly versions: readonly [DocumentVersion, ...DocumentVersion[]];
  readonly latest: DocumentVersion;
}

const rules: readonly PublishingRule[] = ['LATEST', 'SPESIFICVERSION', 'UNPUBLISHED'];

const wrong = (what: string): never => {
  throw new Error(`a document's metadata has no ${what}`);
};

type Fields = { readonly [name: string]: Json };

const fieldsOf = (value: Json | undefined, what: string): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : wrong(what);
const textOf = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : wrong(name);
};
const numberOf = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' ? value : wrong(name);
};
const timeOf = (fields: Fields, name: string): number | null => (fields[name] === null ? null : numberOf(fields, name));

const versionFactsOf = (value: Json): VersionFacts => {
  const fields = fieldsOf(value, 'version');
  return {
    ordinal: numberOf(fields, 'ordinal'),
    number: numberOf(fields, 'number'),
    comment: textOf(fields, 'comment'),
    publishedAt: timeOf(fields, 'publishedAt'),
  };
};

const checkoutOf = (value: Json | undefined): Checkout | null => {
  if (value === null) return null;
  const fields = fieldsOf(value, 'checkout');
  return { by: textOf(fields, 'by'), at: numberOf(fields, 'at') };
};

/** Reads what was kept of a document. Throws where it is not what `metadataOf` makes. */
const factsOf = (metadata: Json): DocumentFacts => {
  const fields = fieldsOf(metadata, 'fields');
  const rule = rules.find((each) => each === fields.rule) ?? wrong('rule');
  const versions = Array.isArray(fields.versions) ? fields.versions : wrong('versions');
  return {
    description: textOf(fields, 'description'),
    keywords: textOf(fields, 'keywords'),
    createdAt: timeOf(fields, 'createdAt'),
    modifiedAt: timeOf(fields, 'modifiedAt'),
    checkout: checkoutOf(fields.checkout),
    rule,
    published: numberOf(fields, 'published'),
    versions: versions.map(versionFactsOf),
  };
};

/** What is kept of a document, for the catalog. */
export const metadataOf = ({ checkout, versions, ...rest }: DocumentFacts): Json => ({
  ...rest,
  checkout: checkout && { ...checkout },
  versions: versions.map((version) => ({ ...version })),
});

/** The document that a file of the library is. Throws where the file is none of ours. */
export const documentOf = (file: File): Document => {
  const facts = factsOf(file.metadata);
  const whole = (version: Version): DocumentVersion => {
    const known =
      facts.versions.find(({ ordinal }) => ordinal === version.number) ?? wrong(`version ${version.number}`);
    return { ...version, ...known };
  };
  const [first, ...rest] = file.versions;
  const versions = [whole(first), ...rest.map(whole)] as const;
  return { file, facts, versions, latest: versions.at(-1) ?? versions[0] };
};

/** When the document was made and last changed: as a client told, or as the catalog knows; ms since 1970. */
export const datesOf = ({
  file,
  facts,
  latest,
}: Document): { readonly created: number; readonly modified: number } => ({
  created: facts.createdAt ?? file.createdAt,
  modified: facts.modifiedAt ?? latest.createdAt,
});

/**
 * The version of a document with this packed number; 0: the published one, or the latest where none is published.
 * Refuses `Specified version cannot be found.`, and numbers from 1 to 999999.
 */
export const versionOf = (document: Document, number: number): DocumentVersion => {
  const wanted = readVersionNumber(number) || document.facts.published || document.latest.number;
  const found = document.versions.find((version) => version.number === wanted);
  if (!found) throw problems.versionNotFound();
  return found;
};

import { element, type XmlOutElement } from '../../../wire/soap/index.js';
import type { Document, DocumentVersion } from '../library/document.js';
import { userOf } from '../people.js';
import { versionDate } from './dates.js';

/** A version, with all of its members, also those that are empty (specs/inforouter.md §6.4). Its checksum is the CRC-32. */
export const versionElement = (version: DocumentVersion): XmlOutElement => {
  const members = {
    VersionAuthor: version.by,
    VersionAuthorId: String(userOf(version.by).userid),
    VersionSize: String(version.size),
    CheckSum: version.digests.crc32 ?? '',
    DateCreated: versionDate(version.createdAt),
    DatePublished: versionDate(version.publishedAt),
    Comment: version.comment,
    ApprovalStatus: '',
    ApprovalDate: '',
  };
  const children = Object.entries(members).map(([name, value]) =>
    value === '' ? element(name) : element(name, {}, value),
  );
  return element('Version', { Number: String(version.number) }, ...children);
};

/** The versions of a document, the oldest first. */
export const versionsElement = ({ versions }: Document): XmlOutElement =>
  element('Versions', {}, ...versions.map(versionElement));

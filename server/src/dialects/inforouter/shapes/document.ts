import { element, type XmlOutElement } from '../../../wire/soap/index.js';
import { type Document, datesOf } from '../library/document.js';
import { type DateForm, listDate } from './dates.js';
import type { Chain } from './folder.js';
import { ownerElement, ownerOf } from './user.js';
import { versionsElement } from './version.js';

/** What may be shown with a document. */
export interface DocumentExtras {
  readonly propertySets: boolean;
  readonly security: boolean;
  readonly owner: boolean;
  readonly versions: boolean;
}

/** Who has a document checked out, and since when; empty where nobody has. */
const holderOf = ({ facts: { checkout } }: Document) => ({
  at: checkout?.at ?? null,
  ...ownerOf(checkout?.by ?? ''),
});

/**
 * A document with all of its attributes, in the vendor's order: clients miss those that are left out (specs/inforouter.md §6.4).
 * `chain` is its folder's.
 */
export const documentElement = (
  document: Document,
  chain: Chain,
  dates: DateForm,
  extras: DocumentExtras,
): XmlOutElement => {
  const { file, facts, latest, versions } = document;
  const { created, modified } = datesOf(document);
  const holder = holderOf(document);
  const owner = ownerOf(file.owner);
  const library = chain[0];
  return element(
    'document',
    {
      DocumentID: String(file.id),
      Name: file.name,
      Path: `\\${chain.map(({ name }) => name).join('\\')}`,
      Description: facts.description,
      UpdateInstructions: '',
      CreationDate: listDate(created, dates),
      ModificationDate: listDate(modified, dates),
      CheckoutDate: listDate(holder.at, dates),
      CheckoutBy: holder.fullname,
      CheckoutByUserName: holder.username,
      Size: String(latest.size),
      Type: file.type,
      PercentComplete: '0',
      CompletionDate: '',
      Importance: '1',
      RetentionDate: '',
      DispositionDate: '',
      CutoffDate: '',
      RDDefId: '0',
      ExpirationDate: '',
      RegisterDate: listDate(file.createdAt, dates),
      RegisteredBy: owner.username,
      DocTypeID: '0',
      DocTypeName: '',
      VersionNumber: String(latest.number),
      PublishedVersionNumber: String(facts.published),
      PublishingRule: facts.rule,
      OwnerName: owner.username,
      WorkflowId: '0',
      WorkflowName: '',
      WorkflowStepNumber: '0',
      WorkflowStepName: '',
      Author: '',
      Language: '',
      Source: '',
      ApprovalStatus: '',
      ClassificationLevel: 'NoMarkings',
      ClassificationLevelId: '0',
      DeclassifyOn: '',
      DomainId: String(library?.id ?? 0),
      DomainName: library?.name ?? '',
      DowngradeOn: '',
      FolderId: String(file.folder),
      Foldername: chain.at(-1)?.name ?? '',
      IsShortcut: 'FALSE',
      TargetDocumentId: '0',
      LastISOReviewDate: '',
      NextISOReviewDate: '',
      OwnerId: String(owner.userid),
      RegisterById: String(owner.userid),
      TemplateID: '0',
      VersionCount: String(versions.length),
      UserViewStatus: '',
    },
    ...(extras.propertySets ? [element('PropertySets')] : []),
    ...(extras.security ? [element('AccessList')] : []),
    ...(extras.owner ? [ownerElement(file.owner)] : []),
    ...(extras.versions ? [versionsElement(document)] : []),
  );
};

/** A document in short. */
export const shortDocument = (document: Document, dates: DateForm): XmlOutElement => {
  const { file, facts, latest } = document;
  const { created, modified } = datesOf(document);
  const { username, fullname } = holderOf(document);
  return element('d', {
    id: String(file.id),
    n: file.name,
    mdate: listDate(modified, dates),
    cdate: listDate(created, dates),
    size: String(latest.size),
    dformat: file.type,
    chkoutbyusername: username,
    chkoutbyfullname: fullname,
    version: String(latest.number),
    publishedversion: String(facts.published),
    regdate: listDate(file.createdAt, dates),
    dtype: '0',
  });
};

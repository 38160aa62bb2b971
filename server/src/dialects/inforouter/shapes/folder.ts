import type { Folder } from '../../../services/catalog/catalog.js';
import { element, type XmlOutElement } from '../../../wire/soap/index.js';
import { folderFactsOf } from '../library/folder.js';
import { type DateForm, listDate } from './dates.js';
import { ownerElement } from './user.js';

/** A folder, and those it lies in: the library first, itself last. */
export type Chain = readonly Folder[];

/** The path of a folder: `/Documents/Reports`. */
export const slashPath = (chain: Chain): string => `/${chain.map(({ name }) => name).join('/')}`;

/** What may be shown with a folder. */
export interface FolderExtras {
  readonly rules: boolean;
  readonly propertySets: boolean;
  readonly security: boolean;
  readonly owner: boolean;
}

const rules = {
  AllowableFileTypes: '*',
  Checkins: 'allows',
  Checkouts: 'allows',
  DocumentDeletes: 'allows',
  FolderDeletes: 'allows',
  NewDocuments: 'allows',
  NewFolders: 'allows',
  ClassifiedDocuments: 'disallows',
} as const;

const rulesElement = (): XmlOutElement =>
  element('Rules', {}, ...Object.entries(rules).map(([Name, Value]) => element('Rule', { Name, Value })));

/** A folder with all of its attributes, in the vendor's order: clients miss those that are left out (specs/inforouter.md §6.4). */
export const folderElement = (folder: Folder, chain: Chain, dates: DateForm, extras: FolderExtras): XmlOutElement => {
  const { description, owner } = folderFactsOf(folder);
  return element(
    'folder',
    {
      FolderID: String(folder.id),
      // A library lies in nothing that clients know.
      ParentID: String(chain.length > 1 ? folder.parent : 0),
      Name: folder.name,
      Path: slashPath(chain),
      Description: description,
      CreationDate: listDate(folder.createdAt, dates),
      OwnerName: owner,
      DomainId: String(chain[0]?.id ?? folder.id),
      ClassificationLevel: 'NoMarkings',
      ClassificationLevelId: '0',
      DeclassifyOn: '',
      DowngradeOn: '',
      RDDefId: '0',
      RetentionDate: '',
      DispositionDate: '',
      CutoffDate: '',
    },
    ...(extras.rules ? [rulesElement()] : []),
    ...(extras.propertySets ? [element('PropertySets')] : []),
    ...(extras.security ? [element('AccessList')] : []),
    ...(extras.owner ? [ownerElement(owner)] : []),
  );
};

/** A folder in short. */
export const shortFolder = ({ id, name }: Folder): XmlOutElement => element('f', { id: String(id), n: name });

import type { AnyType, Instead, Operation, Operations } from '../../wire/soap/index.js';
import { list, type Members, nillable, type ObjectType, object } from '../../wire/soap/index.js';
import type { Problem } from './problems.js';
import { accountItem, accountItemArray, dirHistoryDTO, dirHistoryDTOArray, dirHistoryDTOArrayArray } from './types.js';

/** Operations that jax2 does not have. */
const later: ReadonlySet<string> = new Set([
  'run',
  'getPlaylistLink',
  'getToolVersion',
  'simpleUploadStart',
  'getHistoryLastId',
  'getDirLinkItems',
  'getVideoPreviewLink',
  'getSmallImageLink',
  'getSharedPlaylistLink',
  'getFileVersionLink',
]);

const without = (type: ObjectType<Members>, names: readonly string[]): ObjectType<Members> =>
  object(type.shape.name, Object.fromEntries(Object.entries(type.members).filter(([name]) => !names.includes(name))));

const arrayOf = (item: AnyType, name: string) => list({ ...item, nillable: true }, 'item', { name });

const olderItem = without(accountItem, ['empty', 'version']);
const olderHistory = without(dirHistoryDTO, ['compId']);
const olderHistories = arrayOf(olderHistory, 'dirHistoryDTOArray');

/** What jax2 has in place of a type. Its values are the same: members that a type does not have are not written. */
const older: ReadonlyMap<unknown, AnyType> = new Map<unknown, AnyType>([
  [accountItem, olderItem],
  [accountItemArray, arrayOf(olderItem, 'accountItemArray')],
  [dirHistoryDTO, olderHistory],
  [dirHistoryDTOArray, olderHistories],
  [dirHistoryDTOArrayArray, list(nillable(olderHistories), 'item', { name: 'dirHistoryDTOArrayArray' })],
]);

/** The operations as jax2 has them: fewer, without faults, and with fewer members in some types. */
export const asJax2 = <Context>(operations: Operations<Context>): Operations<Context> =>
  Object.fromEntries(
    Object.entries(operations)
      .filter(([name]) => !later.has(name))
      .map(([name, operation]): [string, Operation<Context>] => [
        name,
        { ...operation, fault: undefined, result: older.get(operation.result) ?? operation.result },
      ]),
  );

/**
 * What an operation answers that says no without a fault (specs/fourshared.md §3): jax2's uploads and folders. Nothing for all
 * others.
 */
export const withoutFault = (operation: string, { message }: Problem): Instead | undefined => {
  switch (operation) {
    case 'createUploadSessionKey':
      return { result: '' };
    case 'getNewFileDataCenter':
    case 'uploadStartFile':
      return { result: -1 };
    case 'createNewFolder':
      return { result: 0 };
    case 'uploadFinishFile':
      return { result: message };
    default:
      return undefined;
  }
};

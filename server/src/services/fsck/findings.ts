/** What can be wrong between the ledger and the store. */
export const findingKinds = {
  'bytes-missing': 'an unfinished upload counts bytes that its part does not have',
  'publish-unrecorded': 'an unfinished upload’s bytes lie there as if it were finished',
  'publish-undone': 'a finished upload’s bytes lie there as if it were unfinished',
  'object-missing': 'a finished file’s bytes are gone',
  'object-size': 'a finished file has more or fewer bytes than are recorded',
  'object-digest': 'a finished file’s bytes are not those that were received',
  'object-unrecorded': 'a finished upload’s bytes are not in the list of objects',
  'orphan-part': 'bytes of an upload that nobody knows',
  'orphan-object': 'bytes of a file that nobody knows',
  'catalog-broken': 'a file in the catalog refers to bytes that are not in the list of objects',
  'usage-differs': 'the count of what an account uses differs from what it has',
} as const;

export type FindingKind = keyof typeof findingKinds;

/** One thing that is wrong. */
export interface Finding {
  readonly kind: FindingKind;
  /** The id, object or account that it is about. */
  readonly subject: string;
  /** The numbers, for people. */
  readonly details: string;
  readonly repaired: boolean;
}

import type { Ledger, Store } from '../../engine/ports.js';
import type { Clock } from '../../kit/clock.js';
import type { Catalog } from '../catalog/catalog.js';
import { checkCatalog } from './catalog.js';
import type { Finding, FindingKind } from './findings.js';
import { checkObjects } from './objects.js';
import { checkOrphans } from './orphans.js';
import { checkUploads } from './uploads.js';
import { checkUsage } from './usage.js';

export interface CheckSpec {
  /** Read every finished file and compare its CRC-32. */
  readonly digests?: boolean;
  /** Put right what can be. */
  readonly repair?: boolean;
  /** Judge what is young, too: only while no server runs over the same data. */
  readonly all?: boolean;
}

export interface CheckParts {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly catalog: Pick<Catalog, 'recent' | 'unused'>;
  readonly clock: Clock;
}

/** What the parts of a check share. */
export interface Checking extends CheckParts, CheckSpec {
  /** Whether something that was last touched at `at` (ms since 1970) has rested long enough to be judged. */
  isOld(at: number): boolean;
  /** Reports what is wrong; with `repair`, puts it right first if the caller asked for that. */
  found(kind: FindingKind, facts: { subject: string; details: string }, repair?: () => Promise<void>): Promise<void>;
}

/** What is younger than this, in ms, may be the work of a running server. */
const youth = 60 * 60 * 1000;

/**
 * Checks that ledger and store agree, and that the catalog and the counts agree with them. `report` hears of everything
 * that is wrong; the answer is how many things were. Changes nothing without `repair`.
 */
export const check = async (
  parts: CheckParts,
  spec: CheckSpec,
  report: (finding: Finding) => void,
): Promise<{ findings: number; repaired: number }> => {
  const before = parts.clock.now() - youth;
  let findings = 0;
  let repaired = 0;
  const checking: Checking = {
    ...parts,
    ...spec,
    isOld: (at) => spec.all === true || at < before,
    found: async (kind, facts, repair) => {
      const repairs = spec.repair === true && repair !== undefined;
      if (repairs) await repair();
      findings += 1;
      if (repairs) repaired += 1;
      report({ kind, ...facts, repaired: repairs });
    },
  };
  await checkUploads(checking);
  await checkObjects(checking);
  const wanted = await checkCatalog(checking);
  // What is still to be freed is remembered, and goes with the next sweep.
  const unused = await parts.ledger.read((facts) => parts.catalog.unused(facts, Number.MAX_SAFE_INTEGER));
  await checkOrphans(checking, { kinds: ['part', 'object'], wanted: new Set([...wanted, ...unused]) });
  await checkUsage(checking);
  return { findings, repaired };
};

import type { Clock } from '../../../kit/clock.js';
import type { Ids } from '../../../kit/ids.js';
import type { Catalog } from '../../../services/catalog/catalog.js';
import type { Places } from './places.js';

/** What the verbs of the drive work with. */
export interface DriveParts {
  readonly catalog: Catalog;
  readonly places: Places;
  readonly clock: Clock;
  /** For the codes in links. */
  readonly ids: Ids;
}

import type { Json } from '../../../kit/json.js';
import type { JsonObject } from '../jobs/job.js';

/** A map as the vendor's PHP writes it: an empty one is an empty list (specs/api2convert.md §4). */
export const phpMap = (map: JsonObject): Json => (Object.keys(map).length === 0 ? [] : { ...map });

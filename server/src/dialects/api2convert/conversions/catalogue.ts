import { archives } from './archives.js';
import type { Conversion } from './conversion.js';
import { hashes } from './hash.js';
import { mirror } from './mirror.js';
import type { ConversionSettings } from './options.js';

/** All that could be converted to, in the order in which it is told; what is not `available()` here is left out by the asker. */
export const catalogue = (_settings: ConversionSettings): readonly Conversion[] => [...archives, ...hashes, mirror];

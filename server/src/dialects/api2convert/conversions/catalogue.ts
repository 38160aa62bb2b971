import { archives } from './archives.js';
import { comparing } from './comparing.js';
import type { Conversion } from './conversion.js';
import { documents } from './documents.js';
import { hashes } from './hash.js';
import { media } from './media.js';
import { metadata } from './metadata.js';
import { mirror } from './mirror.js';
import { operations } from './operations.js';
import type { ConversionSettings } from './options.js';
import { pictures } from './pictures.js';
import { toolsOf } from './tools.js';

/** All that could be converted to, in the order in which it is told; what is not `available()` here is left out by the asker. */
export const catalogue = (settings: ConversionSettings): readonly Conversion[] => {
  const tools = toolsOf(settings);
  return [
    ...archives,
    ...media(tools),
    ...documents(tools),
    ...hashes,
    ...pictures(tools),
    metadata(tools),
    mirror,
    ...operations(tools),
    comparing(tools),
  ];
};

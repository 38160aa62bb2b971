import type { Conversion } from './conversion.js';

/** Gives every input back as it is. */
export const mirror: Conversion = {
  category: 'mirror',
  target: 'mirror',
  optionsSchema: {},
  takes: 'each',
  available: async () => true,
  convert: async (inputs, _options, work) => {
    for (const { name, type, read } of inputs) await work.emit({ name, type }, read());
  },
};

import { openTraces } from '../api/live/traces.js';
import type { Data } from '../app/data.js';
import { namesOf } from '../app/names.js';
import type { Config } from '../config.js';
import type { Source } from './top-source.js';

/** What goes on in a data folder, whoever does it. Speeds are what is there more than at the look before. */
export const folderSource = async (config: Config, data: Data): Promise<Source> => {
  const { engine, clock } = data;
  const traces = openTraces({ engine, clock, nameOf: await namesOf(config, data) });
  return {
    withFrom: false,
    learnsSpeed: true,
    look: async () => {
      await traces.look();
      return { at: clock.now(), uploads: traces.list().map(({ shape }) => shape) };
    },
    close: () => undefined,
  };
};

import type { Command } from 'commander';
import { type Data, openData } from '../app/data.js';
import type { Config } from '../config.js';
import { openLog } from './logger.js';
import { configFrom } from './options.js';
import type { Terminal } from './terminal.js';

/** Opens the data folder that a command was given, does `work` with it, and closes it. */
export const withData = async (
  command: Command,
  terminal: Terminal,
  work: (data: Data, config: Config) => Promise<void>,
): Promise<void> => {
  const config = await configFrom(command, terminal);
  const data = await openData(config, { log: openLog(config.log, 'warn') });
  try {
    await work(data, config);
  } finally {
    await data.close();
  }
};

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { ConfigError } from './sources.js';

/** Reads a configuration file, JSON or YAML (of which JSON is a part). Throws a `ConfigError` that says what is wrong. */
export const readConfigFile = async (path: string): Promise<{ name: string; content: unknown }> => {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new ConfigError(`The configuration file cannot be read: ${error.message}`);
  });
  try {
    return { name: path, content: parse(text) };
  } catch (error) {
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

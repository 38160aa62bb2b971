import { type Command, Option } from 'commander';
import { type Config, loadConfig, optionRows, type Row } from '../config.js';
import type { Terminal } from './terminal.js';

const words = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

const describe = ({ option }: Row): string => {
  const shown = option.default === null || words(option.default) === '' ? '' : ` (default: ${words(option.default)})`;
  return `${option.help}${shown}`;
};

const flagsOf = (row: Row): { flag: string; option: Option }[] =>
  row.flags.map((flag) => {
    const yesOrNo = typeof row.option.default === 'boolean';
    const value = yesOrNo ? '[yes|no]' : `<${(row.option.placeholder ?? 'value').toLowerCase()}>`;
    return { flag, option: new Option(`--${flag} ${value}`, describe(row)) };
  });

/** Lets a command take `--config FILE` and every option of the configuration; its help shows `shown` of them, by flag. */
export const takesConfig = (command: Command, shown: readonly string[] = ['data']): Command => {
  command.option('--config <file>', 'Configuration file, JSON or YAML (or $LONGSHORE_CONFIG)');
  for (const { flag, option } of optionRows().flatMap(flagsOf))
    command.addOption(option.hideHelp(!shown.includes(flag)));
  return command;
};

/** The configuration that a command was given, with the environment and the configuration file. Throws `ConfigError`. */
export const configFrom = (command: Command, { environment }: Terminal): Promise<Config> => {
  const { LONGSHORE_CONFIG, ...rest } = environment;
  const given = command.opts<Record<string, unknown>>();
  const flags = optionRows()
    .flatMap(flagsOf)
    .flatMap(({ flag, option }) => {
      const value = given[option.attributeName()];
      return value === undefined ? [] : [[flag, value] as const];
    });
  const file = typeof given.config === 'string' ? given.config : LONGSHORE_CONFIG || undefined;
  return loadConfig({ flags: Object.fromEntries(flags), environment: rest, file });
};

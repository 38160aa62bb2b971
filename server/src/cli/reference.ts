import { Command } from 'commander';
import { optionRows } from '../config.js';
import type { Terminal } from './terminal.js';

const words = (value: unknown): string => {
  if (value === null || value === '') return 'not set';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
};

/** `longshore options`: every option, with the names it goes by. */
export const optionsCommand = (terminal: Terminal): Command =>
  new Command('options').description('List every option of the configuration').action(() => {
    for (const { name, flags, variables, option } of optionRows()) {
      terminal.print(`${name} (default: ${words(option.default)})`);
      terminal.print(`    ${option.help}`);
      terminal.print(`    --${flags.join(', --')}; ${variables.join(', ')}`);
    }
  });

import { Command } from 'commander';
import { withData } from './data.js';
import { takesConfig } from './options.js';
import { moment, table } from './table.js';
import type { Terminal } from './terminal.js';

const add = (terminal: Terminal) =>
  takesConfig(new Command('add'))
    .description('Make an API key and print it; it is shown this once')
    .requiredOption('--user <name>', 'account that the key speaks for')
    .option('--label <label>', 'what the key is for', '')
    .action((spec: { user: string; label: string }, command: Command) =>
      withData(command, terminal, async ({ accounts }) => {
        const { secret } = await accounts.addKey(spec.user, spec.label);
        terminal.print(secret);
      }),
    );

const list = (terminal: Terminal) =>
  takesConfig(new Command('list'))
    .description('List the API keys of an account, without their secrets')
    .requiredOption('--user <name>', 'account that the keys speak for')
    .option('--json', 'one JSON object per line')
    .action((spec: { user: string; json?: boolean }, command: Command) =>
      withData(command, terminal, async ({ accounts }) => {
        const keys = await accounts.listKeys(spec.user);
        if (spec.json) {
          for (const key of keys) terminal.print(JSON.stringify(key));
          return;
        }
        const rows = keys.map(({ id, label, createdAt }) => [id, label, moment(createdAt)]);
        terminal.print(table([['ID', 'LABEL', 'ADDED (UTC)'], ...rows]));
      }),
    );

const remove = (terminal: Terminal) =>
  takesConfig(new Command('remove'))
    .description('Remove an API key: from now on it is refused')
    .argument('<id>', 'id of the key, as `key list` shows it')
    .action((id: string, _spec: object, command: Command) =>
      withData(command, terminal, async ({ accounts }) => {
        await accounts.removeKey(id);
        terminal.say(`Key ${id} is no longer accepted.`);
      }),
    );

/** `longshore key …`: API keys of the accounts of a data folder. */
export const keyCommand = (terminal: Terminal): Command =>
  new Command('key')
    .description('API keys: add, list, remove')
    .addCommand(add(terminal))
    .addCommand(list(terminal))
    .addCommand(remove(terminal))
    .addHelpText(
      'after',
      `
Examples:
  longshore key add --user alice --label laptop > key.txt
  longshore key list --user alice`,
    );

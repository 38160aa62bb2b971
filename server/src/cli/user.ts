import { Command, Option } from 'commander';
import { bytesOption } from '../kit/options.js';
import { type Role, roles } from '../services/accounts/accounts.js';
import { withData } from './data.js';
import { takesConfig } from './options.js';
import { bytes, moment, table } from './table.js';
import type { Terminal } from './terminal.js';

const quotaOf = (text: string): number => bytesOption({ help: '', default: 0 }).parse(text);

const askPassword = (terminal: Terminal, given: string | undefined): Promise<string> =>
  given === undefined ? terminal.askSecret('Password: ') : Promise.resolve(given);

const passwordOption = () =>
  new Option('--password <password>', 'The password; else it is asked for, or read from the standard input');

const add = (terminal: Terminal) =>
  takesConfig(new Command('add'))
    .description('Add an account')
    .argument('<name>', 'name of the account; may be an e-mail address')
    .addOption(passwordOption())
    .addOption(new Option('--role <role>', 'what it may do').choices(Object.keys(roles)).default('uploader'))
    .option('--quota <bytes>', 'most bytes it may keep, such as 50g; no limit when left out', quotaOf)
    .action(async (name: string, spec: { password?: string; role: Role; quota?: number }, command: Command) => {
      const password = await askPassword(terminal, spec.password);
      await withData(command, terminal, async ({ accounts }) => {
        const account = await accounts.add({ name, password, role: spec.role, quota: spec.quota ?? null });
        terminal.say(`Added ${account.name} (${account.role}).`);
      });
    });

const list = (terminal: Terminal) =>
  takesConfig(new Command('list'))
    .description('List the accounts')
    .option('--json', 'one JSON object per line')
    .action((spec: { json?: boolean }, command: Command) =>
      withData(command, terminal, async ({ accounts }) => {
        const all = await accounts.list();
        if (spec.json) {
          for (const account of all) terminal.print(JSON.stringify(account));
          return;
        }
        const rows = all.map(({ name, role, quota, createdAt }) => [
          name,
          role,
          quota === null ? '-' : bytes(quota),
          moment(createdAt),
        ]);
        terminal.print(table([['NAME', 'ROLE', 'QUOTA', 'ADDED (UTC)'], ...rows]));
      }),
    );

const passwd = (terminal: Terminal) =>
  takesConfig(new Command('passwd'))
    .description('Set a new password')
    .argument('<name>', 'name of the account')
    .addOption(passwordOption())
    .action(async (name: string, spec: { password?: string }, command: Command) => {
      const password = await askPassword(terminal, spec.password);
      await withData(command, terminal, ({ accounts }) => accounts.setPassword(name, password));
      terminal.say(`${name} has a new password.`);
    });

const remove = (terminal: Terminal) =>
  takesConfig(new Command('remove'))
    .description('Remove an account and its API keys; its files stay')
    .argument('<name>', 'name of the account')
    .action((name: string, _spec: object, command: Command) =>
      withData(command, terminal, async ({ accounts }) => {
        if (!(await accounts.find(name))) throw new Error(`There is no account "${name}".`);
        await accounts.remove(name);
        terminal.say(`Removed ${name}.`);
      }),
    );

/** `longshore user …`: the accounts of a data folder. */
export const userCommand = (terminal: Terminal): Command =>
  new Command('user')
    .description('Accounts: add, list, passwd, remove')
    .addCommand(add(terminal))
    .addCommand(list(terminal))
    .addCommand(passwd(terminal))
    .addCommand(remove(terminal))
    .addHelpText(
      'after',
      `
Examples:
  longshore user add alice                              asks for the password
  longshore user add bob@example.com --role viewer < password.txt
  longshore user add kiosk --quota 50g --data /srv/longshore
  longshore user passwd alice`,
    );

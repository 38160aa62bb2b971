import { Command } from 'commander';
import type { App } from '../app.js';
import { printConfig } from '../config.js';
import { openLog } from './logger.js';
import { configFrom, takesConfig } from './options.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

const shown = [
  'data',
  'host',
  'port',
  'store',
  'ledger',
  'http-public-url',
  'http-trusted-proxies',
  'http-tls-cert',
  'http-tls-key',
  'accounts-anonymous',
  'log-level',
  'log-format',
];

/** What a person wants to know when the server has started. */
const announce = ({ address, firstAccount, endpoints }: App, terminal: Terminal): void => {
  terminal.print(`Longshore listens on ${address}\n`);
  terminal.print(table(endpoints.map(({ of, what, url }) => [`  ${of}`, what, url])));
  if (!firstAccount) return;
  const { name, password } = firstAccount;
  terminal.print(`\nFirst account: ${name}, password: ${password}`);
  terminal.print('The password is not shown again; `longshore user passwd` sets another one.');
};

/** `longshore serve`: the server, until it is asked to stop. */
export const serveCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('serve'), shown)
    .description('Run the server')
    .option('--print-config', 'print the whole configuration as YAML, secrets left out, and end')
    .addHelpText(
      'after',
      `
Every option of the configuration is a flag: http.drainMs is --http-drain-ms, and LONGSHORE_HTTP_DRAIN_MS in the
environment. Flags come before the environment, and both before the file. \`longshore options\` lists them all.

SIGTERM or SIGINT stops the server well: running requests end, new ones are refused. A second one stops it at once.

Examples:
  longshore serve
  longshore serve --data /srv/longshore --host 0.0.0.0 --port 8480
  longshore serve --config longshore.yaml --log-level warn
  longshore serve --http-public-url https://upload.example.com --http-trusted-proxies loopback`,
    )
    .action(async (spec: { printConfig?: boolean }, command: Command) => {
      const config = await configFrom(command, terminal);
      if (spec.printConfig) {
        terminal.print(printConfig(config).trimEnd());
        return;
      }
      const log = openLog(config.log);
      const stop = terminal.stopping();
      // The other commands do not wait for all that a server is made of.
      const { startApp } = await import('../app.js');
      const app = await startApp(config, { log });
      announce(app, terminal);
      await stop;
      log.info({}, 'stopping');
      await app.drain();
      log.info({}, 'stopped');
    });

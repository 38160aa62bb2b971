import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { openData } from '../app/data.js';
import { openLog } from './logger.js';
import { configFrom, takesConfig } from './options.js';
import { address, type CredentialFlags, credentialsOf } from './remote.js';
import type { Terminal } from './terminal.js';
import { folderSource } from './top-folder.js';
import { plainScreen, type Screen, ttyScreen } from './top-screen.js';
import { serverSource } from './top-server.js';
import type { Source } from './top-source.js';
import { linesOf, type Picture, totalRate } from './top-table.js';

interface Spec extends CredentialFlags {
  readonly to?: string;
  readonly once?: boolean;
  readonly json?: boolean;
}

/** In ms: how often it is looked, and how long it takes until speeds are known. */
const every = 1_000;
const learning = 1_100;

const jsonOf = (picture: Picture): string =>
  JSON.stringify({ at: picture.at, bytesPerSecond: totalRate(picture), uploads: picture.uploads });

/** A screen that prints one line of JSON for each picture. */
const show = (screen: Screen, picture: Picture, { json, withFrom }: { json: boolean; withFrom: boolean }): void =>
  screen.show((room) =>
    json ? [jsonOf(picture)] : linesOf(picture, { withFrom, ...(room !== undefined && { room }) }),
  );

const showOnce = async (source: Source, screen: Screen, how: { json: boolean }): Promise<void> => {
  const { withFrom } = source;
  if (source.learnsSpeed) {
    await source.look();
    await sleep(every);
    await source.look();
    await sleep(learning);
  }
  show(screen, await source.look(), { ...how, withFrom });
};

const showOn = async (
  source: Source,
  screen: Screen,
  { stop, json }: { stop: AbortSignal; json: boolean },
): Promise<void> => {
  while (!stop.aborted) {
    show(screen, await source.look(), { json, withFrom: source.withFrom });
    await sleep(every, undefined, { signal: stop }).catch(() => undefined);
  }
};

const withSource = async (
  spec: Spec,
  { command, terminal }: { command: Command; terminal: Terminal },
  work: (source: Source) => Promise<void>,
): Promise<void> => {
  if (spec.to !== undefined) {
    const source = await serverSource(spec.to, await credentialsOf(spec, terminal));
    return work(source).finally(source.close);
  }
  const config = await configFrom(command, terminal);
  const data = await openData(config, { log: openLog(config.log, 'warn') });
  return folderSource(config, data).then(work).finally(data.close);
};

const run = async (spec: Spec, command: Command, terminal: Terminal): Promise<void> => {
  const { once = false, json = false } = spec;
  await withSource(spec, { command, terminal }, async (source) => {
    if (once) return showOnce(source, plainScreen(terminal.print, { apart: false }), { json });
    const stop = new AbortController();
    const end = () => stop.abort();
    terminal.stopping().then(end, end);
    const isTty = process.stdout.isTTY && !json;
    const screen = isTty
      ? ttyScreen({ output: process.stdout, input: process.stdin }, end)
      : plainScreen(terminal.print, { apart: !json });
    try {
      await showOn(source, screen, { stop: stop.signal, json });
    } finally {
      screen.close();
    }
  });
};

/** `longshore top`: the uploads that live, as they go on. */
export const topCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('top'))
    .description('Watch uploads as they go on: of a data folder, or of a running server')
    .addOption(
      new Option('--to <url>', 'the address of a server to watch, in place of a data folder').argParser(address),
    )
    .option('--user <name>', 'with --to: account to watch as; an administrator sees all uploads, others their own')
    .option('--password <password>', 'its password; else $LONGSHORE_PASSWORD, else it is asked for')
    .option('--key <key>', 'an API key instead of an account; else $LONGSHORE_KEY')
    .option('--once', 'print one table, and end')
    .option('--json', 'one JSON object per line, for each look')
    .action((spec: Spec, command: Command) => run(spec, command, terminal))
    .addHelpText(
      'after',
      `
q and Ctrl-C end it. An open upload of which nothing came for a minute is stuck.

Examples:
  longshore top
  longshore top --to http://localhost:8480/ --user admin
  longshore top --once --json`,
    );

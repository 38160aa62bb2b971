import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Finished, fromPath, UploadError, type UploadOptions } from '@longshore/client/node';
import { Command, InvalidArgumentError, Option } from 'commander';
import { bytesOption } from '../kit/options.js';
import { address, type CredentialFlags, type Credentials, credentialsOf } from './remote.js';
import type { Terminal } from './terminal.js';
import { type DialectFlags, judgeFlags, type UploadAs, type UploadAsName, uploadAs } from './upload-as.js';
import { bar, type Display, duration, lines } from './upload-display.js';
import { findPage, sendPage } from './upload-page.js';
import { stateFolder, storedState, type UploadKey } from './upload-state.js';

interface Spec extends DialectFlags, CredentialFlags {
  readonly to: string;
  readonly as: UploadAsName;
  readonly parallel?: number;
  readonly chunkSize?: number;
  readonly fresh?: boolean;
}

const count = (text: string): number => {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It wants a number from 1 to 999.');
  return Number(text);
};

const size = (text: string): number => {
  const bytes = bytesOption({ help: '', default: 0 }).parse(text);
  if (bytes < 1) throw new InvalidArgumentError('It wants at least one byte.');
  return bytes;
};

const pair = (text: string, before: Readonly<Record<string, string>> | undefined): Record<string, string> => {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It wants KEY=VALUE.');
  return { ...before, [key]: value };
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const result = ({ url, contentId }: Finished): string => contentId ?? url ?? '';

// A file's name may hold anything, and a terminal obeys control characters.
const shown = (path: string): string => basename(path).replace(/\p{Cc}/gu, '?');

interface Task {
  readonly path: string;
  readonly spec: Spec;
  readonly credentials: Credentials;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** What is known of an upload by the state that is remembered of it. */
type Known = Pick<UploadKey, 'path' | 'size' | 'modified' | 'dialect'>;

/** Uploads what is known as `known`, from where it was left, and shows how far it is. */
const goOn = async <T>(
  { path, spec, credentials, terminal, signal }: Task,
  known: Known,
  send: (common: UploadOptions) => Promise<T>,
): Promise<T> => {
  const name = shown(path);
  const stored = storedState(stateFolder(terminal.environment, homedir()), { ...known, url: spec.to }, (error) =>
    terminal.say(`${name}: cannot be resumed later, because nothing can be remembered: ${reason(error)}`),
  );
  const begin = (state: unknown, display: Display): Promise<T> =>
    send({
      url: spec.to,
      ...credentials,
      ...(spec.parallel !== undefined && { parallel: spec.parallel }),
      ...(spec.chunkSize !== undefined && { chunkSize: spec.chunkSize }),
      signal,
      state,
      onState: stored.write,
      onProgress: display.show,
      onRetry: ({ message }: UploadError, wait: number) =>
        display.note(`${message} Trying again in ${duration(wait / 1000)}.`),
    });

  const state = spec.fresh === true ? undefined : await stored.read();
  if (state !== undefined) terminal.say(`${name}: going on from where it was left.`);
  const display = process.stderr.isTTY ? bar(name, process.stderr) : lines(name, terminal.say);
  try {
    const finished = await begin(state, display);
    await stored.remove();
    return finished;
  } finally {
    display.end();
    await stored.settled();
  }
};

const uploadFile = async (task: Task): Promise<string> => {
  const { path, spec } = task;
  const source = await fromPath(path);
  const { size, lastModified } = source;
  const known = { path: resolve(path), size: size ?? 0, modified: lastModified ?? 0, dialect: spec.as };
  const dialect: UploadAs = uploadAs[spec.as];
  return result(await goOn(task, known, (common) => dialect.begin(source, common, spec).done));
};

const uploadPage = async (task: Task): Promise<string> => {
  const { path, spec, terminal } = task;
  const page = await findPage(path);
  const folder = spec.virtualPath === undefined ? {} : { virtualPath: spec.virtualPath };
  const known = { path: page.path, size: page.size, modified: page.modified, dialect: 'brightsign-page' };
  const { webPageId, sent, size, kept } = await goOn(task, known, (common) => sendPage(page, { ...common, ...folder }));
  if (kept.length > 0)
    terminal.say(`${shown(path)}: ${sent} of ${size} bytes sent; the server had ${kept.length} files.`);
  return webPageId;
};

const hint = (error: unknown): string => {
  const kind = error instanceof UploadError ? error.kind : undefined;
  if (kind === 'network') return ' Run the same command again to go on from here.';
  return kind === 'changed' ? ' To begin anew, add --fresh.' : '';
};

const run = async (paths: readonly string[], spec: Spec, terminal: Terminal): Promise<void> => {
  judgeFlags(spec.as, spec);
  if ((spec.webPage === undefined) === (paths.length === 0))
    throw new Error(paths.length === 0 ? 'There is no file to send.' : 'Files and --web-page do not go together.');
  const credentials = await credentialsOf(spec, terminal);
  const stop = new AbortController();
  terminal.stopping().then(
    () => stop.abort(),
    () => stop.abort(),
  );
  const { webPage } = spec;
  for (const path of webPage === undefined ? paths : [webPage]) {
    const send = webPage === undefined ? uploadFile : uploadPage;
    try {
      terminal.print(await send({ path, spec, credentials, terminal, signal: stop.signal }));
    } catch (error) {
      if (stop.signal.aborted) {
        terminal.say(`${shown(path)}: interrupted. Run the same command again to go on from here.`);
        terminal.exitWith(130);
        return;
      }
      terminal.say(`${shown(path)}: ${reason(error)}${hint(error)}`);
      terminal.exitWith(1);
    }
  }
};

/**
 * `longshore upload FILE…`: sends files to a server and prints what became of each, an address or a content id. What was
 * interrupted goes on when the same command is run again. Exit codes: 0 all sent, 1 something failed, 130 interrupted.
 */
export const uploadCommand = (terminal: Terminal): Command =>
  new Command('upload')
    .description('Send files to a server; an interrupted upload goes on when the command is run again')
    .argument('[file...]', 'files to send')
    .addOption(
      new Option('--to <url>', 'where to: an endpoint as `longshore serve` lists it')
        .argParser(address)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--as <dialect>', 'the protocol to speak').choices(Object.keys(uploadAs)).default('tus'))
    .option('--user <name>', 'account to upload as; BrightSign takes Account/login')
    .option('--password <password>', 'its password; else $LONGSHORE_PASSWORD, else it is asked for')
    .option('--key <key>', 'an API key instead of an account; else $LONGSHORE_KEY')
    .option('--parallel <n>', 'requests at once', count)
    .option('--chunk-size <bytes>', 'bytes per request, such as 8m; for tus all of them when left out', size)
    .option('--metadata <key=value>', 'tus: what to say about the file; may be repeated', pair)
    .option('--virtual-path <path>', 'BrightSign: the folder to put it in')
    .option('--web-page <dir>', 'BrightSign: send a folder as a web page, its HTML file and all others as assets')
    .option(
      '--folder <path>',
      'infoRouter: the folder, from its library down; 4shared: the folder, made where it is missing',
    )
    .option('--comment <text>', 'infoRouter: a comment on the version')
    .option('--fax <number>', 'InterFAX: whom to fax it to, as +44 20 7946 0123')
    .option('--convert <target>', 'API2Convert: what to convert it to, such as image/webp; prints where that is')
    .option('--fresh', 'begin anew, whatever was sent before')
    .action((paths: string[], spec: Spec) => run(paths, spec, terminal))
    .addHelpText(
      'after',
      `
Examples:
  longshore upload film.mov --to http://localhost:8480/files/ --user ann
  longshore upload *.jpg --to https://upload.example.com/files/ --key "$KEY" --metadata album=lake
  longshore upload lake.png --as brightsign --to http://localhost:8480/ --user ann --parallel 4
  longshore upload --web-page ./lakes --as brightsign --to http://localhost:8480/ --user ann
  longshore upload offer.pdf --as inforouter --to http://localhost:8480/ --user ann --folder /Documents
  longshore upload film.mov --as 4shared --to http://localhost:8480/ --user ann --folder Films/2026
  longshore upload offer.pdf --as interfax --to http://localhost:8480/ --user ann --fax '+44 20 7946 0123'
  longshore upload lake.png --as api2convert --to http://localhost:8480/ --key "$KEY" --convert image/webp`,
    );

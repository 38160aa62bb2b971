import { Command } from 'commander';
import { filesCommand } from './files.js';
import { fsckCommand } from './fsck.js';
import { jobsCommand } from './jobs.js';
import { keyCommand } from './key.js';
import { optionsCommand } from './reference.js';
import { serveCommand } from './serve.js';
import type { Terminal } from './terminal.js';
import { topCommand } from './top.js';
import { uploadCommand } from './upload.js';
import { cancelCommand, listCommand, statusCommand } from './uploads.js';
import { userCommand } from './user.js';

/** The `longshore` command with all that it can do. */
export const longshore = (terminal: Terminal, version: string): Command =>
  new Command('longshore')
    .description('A self-hosted server that takes in big files in pieces, whatever upload protocol the client speaks.')
    .version(version)
    // A version is also what `files get` may be asked for.
    .enablePositionalOptions()
    .addCommand(serveCommand(terminal))
    .addCommand(uploadCommand(terminal))
    .addCommand(userCommand(terminal))
    .addCommand(keyCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(topCommand(terminal))
    .addCommand(statusCommand(terminal))
    .addCommand(cancelCommand(terminal))
    .addCommand(filesCommand(terminal))
    .addCommand(jobsCommand(terminal))
    .addCommand(fsckCommand(terminal))
    .addCommand(optionsCommand(terminal))
    .addHelpText(
      'after',
      `
Examples:
  longshore serve                                  a server on http://localhost:8480, with its data in ./data
  longshore user add alice
  longshore key add --user alice > key.txt
  longshore upload film.mov --to http://localhost:8480/files/ --user alice
  longshore list --state open
  longshore files get /tus/alice/film.mov
  longshore top
  longshore fsck

All commands but upload, and top --to, work on the data folder: --data DIR, or $LONGSHORE_DATA, or ./data; a server may run over it meanwhile.`,
    );

import { Command, Option } from 'commander';
import type { Upload, UploadState } from '../engine/upload.js';
import { withData } from './data.js';
import { takesConfig } from './options.js';
import { bytes, moment, table } from './table.js';
import type { Terminal } from './terminal.js';

const states = ['open', 'sealed', 'finished', 'cancelled', 'expired', 'corrupt'] as const satisfies UploadState[];

const pageSize = 200;

const progress = ({ received, size }: Upload): string => {
  if (size === null) return `${bytes(received)} of ?`;
  return `${bytes(received)} of ${bytes(size)} (${size === 0 ? 100 : Math.floor((received / size) * 100)}%)`;
};

/** `longshore list`: the uploads of a data folder. */
export const listCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('list'))
    .description('List uploads')
    .addOption(new Option('--state <state...>', 'only uploads in these states').choices(states))
    .option('--owner <name>', 'only uploads of this account')
    .option('--json', 'one JSON object per line')
    .action((spec: { state?: UploadState[]; owner?: string; json?: boolean }, command: Command) =>
      withData(command, terminal, async ({ engine }) => {
        const rows: string[][] = [['ID', 'STATE', 'PROTOCOL', 'OWNER', 'RECEIVED', 'LAST TOUCHED (UTC)']];
        let after: string | undefined;
        for (;;) {
          const page = await engine.list({
            limit: pageSize,
            ...(after !== undefined && { after }),
            ...(spec.state && { states: spec.state }),
            ...(spec.owner !== undefined && { owner: spec.owner }),
          });
          for (const upload of page) {
            const { id, state, dialect, owner, touchedAt } = upload;
            if (spec.json) terminal.print(JSON.stringify(upload));
            else rows.push([id, state, dialect, owner, progress(upload), moment(touchedAt)]);
          }
          after = page.at(-1)?.id;
          if (page.length < pageSize) break;
        }
        if (!spec.json) terminal.print(table(rows));
      }),
    );

const factsOf = (upload: Upload): string[][] => [
  ['id', upload.id],
  ['state', upload.state],
  ['protocol', upload.dialect],
  ['owner', upload.owner],
  ['received', progress(upload)],
  ['without a hole', bytes(upload.contiguous)],
  ['opened (UTC)', moment(upload.createdAt)],
  ['last touched', moment(upload.touchedAt)],
  ...(upload.expiry ? [['expires', moment(upload.expiry.at)]] : []),
  ...(upload.endedAt === null ? [] : [['ended', moment(upload.endedAt)]]),
  ...Object.entries(upload.digests).map(([algorithm, hex]) => [algorithm, hex]),
];

/** `longshore status ID`: one upload. */
export const statusCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('status'))
    .description('Show one upload')
    .argument('<id>', 'id of the upload')
    .option('--json', 'all that is known, as JSON')
    .action((id: string, spec: { json?: boolean }, command: Command) =>
      withData(command, terminal, async ({ engine }) => {
        const upload = await engine.look(id);
        const ranges = await engine.ranges(id);
        terminal.print(spec.json ? JSON.stringify({ ...upload, ranges }, null, 2) : table(factsOf(upload)));
      }),
    );

/** `longshore cancel ID`: ends an upload and removes its bytes. */
export const cancelCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('cancel'))
    .description('End an unfinished upload and remove its bytes')
    .argument('<id>', 'id of the upload')
    .action((id: string, _spec: object, command: Command) =>
      withData(command, terminal, async ({ engine }) => {
        await engine.cancel(id);
        terminal.say(`Cancelled ${id}.`);
      }),
    );

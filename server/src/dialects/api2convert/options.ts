import {
  bytesOption,
  flagOption,
  listOption,
  numberOption,
  type OptionTable,
  type OptionValues,
  textOption,
} from '../../kit/options.js';
import { conversionOptions } from './conversions/options.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** What can be set about the API2Convert dialect. */
export const options = {
  retention: numberOption({
    help: 'After how many ms the files of a job that nobody touches are removed.',
    default: day,
    min: 1000,
    placeholder: 'MS',
  }),
  remember: numberOption({
    help: 'For how many ms more a job without its files is remembered.',
    default: day,
    min: 1000,
    placeholder: 'MS',
  }),
  sessionLife: numberOption({
    help: 'After how many ms without a chunk an unfinished upload ends.',
    default: day,
    min: 1000,
    placeholder: 'MS',
  }),
  maxFile: bytesOption({ help: 'Largest input, in bytes; 0: no limit but the account’s own.', default: 0 }),
  maxInputs: numberOption({ help: 'Most inputs of one job.', default: 200, min: 1 }),
  maxOutputs: numberOption({ help: 'Most outputs of one job.', default: 2048, min: 1 }),
  maxJson: bytesOption({ help: 'Largest JSON body, base64 files in it included, in bytes.', default: 16 * 2 ** 20 }),
  jsonMemory: bytesOption({
    help: 'How many bytes of JSON bodies are held in memory at the same time, of all clients together; more wait for their turn. Bodies of up to 64 KiB do not count.',
    default: 64 * 2 ** 20,
  }),
  maxDownloads: numberOption({ help: 'How often an output may be downloaded; 0: no limit.', default: 10 }),
  converters: numberOption({ help: 'How many jobs are converted at the same time.', default: 2, min: 1 }),
  conversionAttempts: numberOption({
    help: 'How often a conversion is begun that ends by a fault of the server, or with it.',
    default: 3,
    min: 1,
  }),
  remoteHosts: listOption({
    help: 'Hosts that remote inputs may be fetched from; * for all with a public address; empty: none. A host that is named may be internal.',
    default: [],
    placeholder: 'LIST',
  }),
  remoteTimeout: numberOption({
    help: 'After how many ms a remote input that has not come whole has failed.',
    default: hour,
    min: 1000,
    placeholder: 'MS',
  }),
  callbackHosts: listOption({
    help: 'Hosts that callbacks go to; * for all with a public address; empty: none. A host that is named may be internal.',
    default: ['*'],
    placeholder: 'LIST',
  }),
  callbackSecret: textOption({
    help: 'Secret that callbacks are signed with (X-Oc-Signature, HMAC-SHA256); empty: they are not.',
    default: '',
    placeholder: 'SECRET',
    secret: true,
  }),
  startOnFalse: flagOption({
    help: 'Whether a PATCH of process to false starts a complete job that waits, as one page of the vendor’s has it.',
    default: false,
  }),
  ...conversionOptions,
} satisfies OptionTable;

export type Api2ConvertOptions = OptionValues<typeof options>;

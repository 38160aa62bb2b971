import { bytesOption, numberOption, type OptionValues } from '../kit/options.js';

/** The memory that bytes on their way may take, and how often they are made durable. */
export const engineOptions = {
  flowBytes: bytesOption({
    help: 'Memory for bytes on their way into the store, all uploads together; senders wait while it is full.',
    default: 8 * 2 ** 20,
  }),
  heldBytes: bytesOption({
    help: 'Memory for small chunks whose place is told after their bytes, all together; what does not fit waits in the store.',
    default: 8 * 2 ** 20,
  }),
  heldChunkBytes: bytesOption({ help: 'Largest chunk that waits in memory for its place.', default: 4 * 2 ** 20 }),
  batchBytes: bytesOption({ help: 'How many bytes are gathered for one write.', default: 2 ** 19 }),
  checkpointBytes: bytesOption({
    help: 'After how many bytes a long chunk that may be cut is made durable on the way.',
    default: 16 * 2 ** 20,
  }),
  checkpointMs: numberOption({ help: 'After how many ms it is, if bytes have come.', default: 2_000, min: 1 }),
  patienceMs: numberOption({
    help: 'How long a request waits for others to let an upload go, in ms.',
    default: 30_000,
    min: 1,
  }),
};

export type EngineOptions = OptionValues<typeof engineOptions>;

import type { Staged, StageSpec } from '../../engine/verbs.js';
import type { Context } from './context.js';

/** What became of bytes when they came: taken in, or refused. A refusal is told when the whole call has been read. */
export type Received = { readonly staged: Staged } | { readonly refused: unknown };

/** Takes bytes in as `judge` says, which may refuse before the first of them. They are dropped with the call unless they are accepted. */
export const receive = async (
  { host, dropLater, from }: Pick<Context, 'host' | 'dropLater' | 'from'>,
  source: AsyncIterable<Buffer>,
  judge: () => Promise<Pick<StageSpec, 'upload' | 'limit'>>,
): Promise<Received> => {
  try {
    const staged = await host.engine.stage(source, { keep: 'whole', from, ...(await judge()) });
    dropLater(staged);
    return { staged };
  } catch (error) {
    return { refused: error };
  }
};

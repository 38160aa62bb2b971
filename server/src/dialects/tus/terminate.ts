import { Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import { freeUnused } from '../../services/catalog/unused.js';
import { type Context, idOf, needAlive, type Operation } from './context.js';
import type { Result } from './finish.js';

/** Removes the file that an upload became, its bytes, and what is known of the upload. */
const remove = async ({ host }: Context, upload: Upload): Promise<void> => {
  const { fileId } = upload.result as Result;
  const { file, unused } = await host.ledger.transact(async (facts) => {
    const file = await host.catalog.findFile(facts, fileId);
    return { file, unused: file === undefined ? [] : await host.catalog.removeFile(facts, fileId) };
  });
  const uploads = new Set([upload.id, ...(file?.versions ?? []).map((version) => version.upload)]);
  for (const id of uploads) await host.engine.forget(id);
  await freeUnused(host, unused);
};

/** `DELETE`: ends an unfinished upload; removes the file of a finished one. */
export const terminate: Operation = async (exchange, caller, context) => {
  const id = idOf(exchange);
  const upload = await needAlive(context, id, caller);
  caller.need(upload.state === 'finished' ? 'delete' : 'upload');
  try {
    if (upload.state === 'finished') await remove(context, upload);
    else await context.host.engine.cancel(id);
  } catch (error) {
    // It was finished between the look and the cancelling.
    if (!(error instanceof Refusal && error.kind === 'not-open')) throw error;
    caller.need('delete');
    await remove(context, await needAlive(context, id, caller));
  }
  return { status: 204 };
};

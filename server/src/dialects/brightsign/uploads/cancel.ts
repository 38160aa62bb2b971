import type { Upload } from '../../../engine/upload.js';
import { type Asker, findUpload } from '../asker.js';

const isOver = ({ state }: Upload): boolean => state === 'finished' || state === 'expired' || state === 'corrupt';

/** A session of which every file was cancelled is cancelled itself: SOAP has no other word for that. */
const cancelEmptied = async ({ host: { engine } }: Asker, group: string): Promise<void> => {
  const uploads = await engine.list({ group });
  const { state } = await engine.lookGroup(group);
  if (state === 'open' && uploads.every((upload) => upload.state === 'cancelled')) await engine.cancelGroup(group);
};

/** Cancels an upload and drops its bytes; what is over stays as it is. Nothing where the token names none. */
export const cancelFile = async (asker: Asker, token: string): Promise<Upload | undefined> => {
  const upload = await findUpload(asker, token);
  if (!upload || isOver(upload)) return upload;
  const cancelled = await asker.host.engine.cancel(upload.id);
  if (cancelled.group !== null) await cancelEmptied(asker, cancelled.group);
  return cancelled;
};

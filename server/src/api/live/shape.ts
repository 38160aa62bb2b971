import type { Upload } from '../../engine/upload.js';
import type { Upload as UploadShape } from '../shapes/index.js';

/** What is known of an upload beside the engine's facts. */
export interface Beside {
  /** The file, as the client calls it. */
  readonly name: string | null;
  /** Address of the client that sent last. */
  readonly from: string | null;
  readonly bytesPerSecond: number;
}

/** An upload, as it is watched. */
export const uploadShape = (upload: Upload, { name, from, bytesPerSecond }: Beside): UploadShape => ({
  id: upload.id,
  dialect: upload.dialect,
  owner: upload.owner,
  state: upload.state,
  name,
  size: upload.size,
  received: upload.received,
  from,
  bytesPerSecond,
  createdAt: upload.createdAt,
  touchedAt: upload.touchedAt,
  endedAt: upload.endedAt,
  expiresAt: upload.expiry?.at ?? null,
});

/** Is it one that takes bytes, or waits for its finish? */
export const isLive = ({ state }: Pick<Upload, 'state'>): boolean => state === 'open' || state === 'sealed';

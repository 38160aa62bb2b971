import type { Upload } from '../../../engine/upload.js';
import type { Host } from '../../dialect.js';
import type { Drive } from '../drive/drive.js';
import type { FourSharedOptions } from '../options.js';
import type { Pending } from './pending.js';

/** What uploads work with. */
export interface UploadParts {
  readonly host: Host;
  readonly options: FourSharedOptions;
  readonly drive: Drive;
}

/** A file that is on its way. `upload` is open, unless it became a file already. */
export interface Incoming {
  readonly pending: Pending;
  readonly upload: Upload;
}

/** Is every byte there of an upload whose size was told? */
export const isComplete = ({ size, contiguous }: Upload): boolean => contiguous === size;

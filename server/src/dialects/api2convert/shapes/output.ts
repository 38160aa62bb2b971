import type { Json } from '../../../kit/json.js';
import type { JobRecord, Output } from '../jobs/job.js';
import { printTime } from './times.js';

/** What an output's status depends on beside itself. */
export interface OutputView {
  /** `http://host/v2/dl/web1`. */
  readonly server: string;
  /** ms since 1970. */
  readonly now: number;
  /** 0: as many as one likes. */
  readonly maxDownloads: number;
}

/** May an output be downloaded, and why not (specs/api2convert.md §7)? */
export const outputStatus = (
  output: Output,
  { now, maxDownloads }: Omit<OutputView, 'server'>,
): 'enabled' | 'disabled' | 'expired' | 'overuse' => {
  if (output.disabled) return 'disabled';
  if (output.expiresAt <= now) return 'expired';
  return maxDownloads > 0 && output.downloads >= maxDownloads ? 'overuse' : 'enabled';
};

/** An output as clients see it. */
export const outputShape = (job: string, output: Output, view: OutputView): { [key: string]: Json } => ({
  id: output.id,
  source: { conversion: output.conversion, input: [...output.inputs] },
  filename: output.filename,
  uri: `${view.server}/download-file/${job}/${encodeURIComponent(output.filename)}`,
  size: output.stored.size,
  status: outputStatus(output, view),
  content_type: output.stored.type,
  downloads_counter: output.downloads,
  checksum: output.stored.digests.md5 ?? '',
  created_at: printTime(output.createdAt),
  metadata: [],
});

/** All outputs of a job. */
export const outputShapes = (id: string, { outputs }: JobRecord, view: OutputView): { [key: string]: Json }[] =>
  outputs.map((output) => outputShape(id, output, view));

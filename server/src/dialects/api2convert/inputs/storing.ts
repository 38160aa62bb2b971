import { Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { FinishSpec, OpenSpec } from '../../../engine/verbs.js';
import type { Account } from '../../../services/accounts/accounts.js';
import { dialectName } from '../address.js';
import type { Parts } from '../context.js';
import { endUpload } from '../uploads/sessions.js';

/** Largest input that an account may bring, in bytes; null: no limit. */
export const largestInput = ({ host, options }: Parts, account: Account): number | null => {
  const limits = [options.maxFile || null, host.quota.largestFile(account)].filter((limit) => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
};

/** How an upload for this account begins; its MD5 is told with it. `name`: of its file, as far as it is known, for who watches. */
export const openSpec = (parts: Parts, account: Account, life: number, name: string | null): OpenSpec => {
  const { host } = parts;
  return {
    dialect: dialectName,
    owner: account.name,
    maxSize: largestInput(parts, account),
    metadata: { name },
    follow: ['md5'],
    quota: host.quota.limit(account),
    expiry: { at: host.clock.now() + life, sliding: life },
  };
};

/** Stores bytes that come in one go as an upload that is finished with `finish`, or leaves nothing behind. */
export const store = async (
  parts: Parts,
  account: Account,
  body: AsyncIterable<Uint8Array>,
  {
    name,
    finish,
    limit = null,
    gone,
    from,
    maxSize,
  }: {
    name: string;
    finish: FinishSpec;
    limit?: number | null;
    gone?: AbortSignal;
    from?: string;
    maxSize?: number | null;
  },
): Promise<Upload> => {
  const { engine } = parts.host;
  const spec = openSpec(parts, account, parts.options.sessionLife, name);
  const upload = await engine.open({ ...spec, ...(maxSize !== undefined && { maxSize }), chunkFollows: true });
  try {
    const staged = await engine.stage(body, {
      upload: upload.id,
      offset: 0,
      keep: 'whole',
      limit,
      ...(gone !== undefined && { gone }),
      ...(from !== undefined && { from }),
    });
    const accepted = await engine.accept(staged, { last: true, finish });
    if (accepted.upload.state !== 'finished') throw new Refusal('busy', { id: upload.id });
    return accepted.upload;
  } catch (error) {
    await endUpload(parts, upload.id);
    throw error;
  }
};

import type { Facts } from '../../../engine/ports.js';
import { isRefusal, Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { File, NewVersion } from '../../../services/catalog/catalog.js';
import { freeUnused } from '../../../services/catalog/unused.js';
import { dialectName } from '../address.js';
import type { Home } from '../drive/drive.js';
import { problemOf } from '../problems.js';
import { type Incoming, isComplete, type UploadParts } from './incoming.js';
import { dropPending, getPending, listPending, type Pending, putPending } from './pending.js';

/** How what is on its way becomes a file (specs/fourshared.md §8). Ids are the catalog's. */
export interface Filing {
  /** A complete upload becomes a file, though its sender has not said that it is finished; anything else stays as it is. */
  settle(incoming: Incoming): Promise<void>;
  /** A complete upload does not expire, unless its sender says that its bytes are wrong. */
  keep(incoming: Incoming): Promise<void>;
  /** Settles what is complete of a drive: to be called before its files are looked at. */
  settleAll(home: Home): Promise<void>;
  /**
   * The sender says that the file is finished, and which MD5 it has (in any case; empty: does not say). Gives an empty text,
   * or why not: then the upload is open, or open again.
   */
  finish(home: Home, id: number, md5: string): Promise<string>;
  /** Drops a file whose sender has not said that it is finished; of an update the old content is there again. */
  takeBack(pending: Pending): Promise<void>;
}

const noSuchFile = 'There is no file with this id.';
const differs = (actual: string | undefined, wanted: string): string =>
  `The MD5 of the file is ${actual ?? 'not known'}, not ${wanted} as specified.`;

/** Why a finish was refused, for the client to show. */
const reasonOf = (error: unknown): string => {
  if (isRefusal(error, 'incomplete'))
    return `The file is not complete: ${error.facts.received} of ${error.facts.size} bytes have been received.`;
  if (isRefusal(error, 'digest-mismatch')) return differs(error.facts.actual, error.facts.expected);
  if (isRefusal(error)) return problemOf(error).message;
  throw error;
};

const versionOf = ({ id, object, size, digests }: Upload, by: string): NewVersion => ({
  object: object ?? id,
  size: size ?? 0,
  digests,
  by,
  upload: id,
});

/** Makes the verbs of the finish. */
export const openFiling = ({ host, options, drive }: UploadParts): Filing => {
  const { engine, ledger, clock, log } = host;

  /** Refuses unless this is still what is on its way: an update may have been superseded, or anything cancelled. */
  const confirm = async (facts: Facts, { id, upload }: Pending): Promise<void> => {
    const now = await getPending(facts, id);
    if (now?.upload !== upload) throw new Refusal('no-such-upload', { id: String(id) });
  };

  /** Puts the bytes of a finished upload into the drive. */
  const put = (facts: Facts, { id, home, dir, name, update }: Pending, upload: Upload): Promise<File> => {
    const version = versionOf(upload, home.account);
    return update
      ? drive.replaceFile(facts, home, id, { name, version })
      : drive.addFile(facts, home, { id, dir, name, version });
  };

  /** Finishes the upload; says whether it was this call that did. `md5` may be empty. */
  const file = async (pending: Pending, how: { confirmed: boolean; md5: string }): Promise<boolean> => {
    let mine = false;
    let unused: readonly string[] = [];
    await engine.finish(pending.upload, {
      ...(how.md5 !== '' && { declared: { md5: how.md5 } }),
      onMismatch: 'keep',
      record: async (facts, upload) => {
        mine = true;
        await confirm(facts, pending);
        await put(facts, pending, upload);
        if (how.confirmed) {
          dropPending(facts, pending);
          unused = await drive.settleFile(facts, pending.home, pending.id);
        } else putPending(facts, { ...pending, state: 'filed' });
        return { file: pending.id };
      },
    });
    await freeUnused(host, unused);
    return mine;
  };

  const settle = async ({ pending, upload }: Incoming): Promise<void> => {
    if (pending.state !== 'open' || !isComplete(upload)) return;
    try {
      await file(pending, { confirmed: false, md5: '' });
    } catch (error) {
      // In use, ended meanwhile, or refused for good: then its sender will be told.
      if (!isRefusal(error)) throw error;
      log.debug({ err: error }, 'a complete upload did not become a file');
    }
  };

  const takeBack = async (pending: Pending): Promise<void> => {
    const unused = await ledger.transact(async (facts) => {
      if ((await getPending(facts, pending.id))?.upload !== pending.upload) return [];
      dropPending(facts, pending);
      return drive.takeBack(facts, pending.home, pending.id);
    });
    await freeUnused(host, unused);
  };

  /** The bytes of an object, as an upload that takes more. */
  const reopen = async (home: Home, { object, size }: Pick<File['versions'][0], 'object' | 'size'>) => {
    const { id } = await engine.open({
      dialect: dialectName,
      owner: home.account,
      size,
      follow: ['md5'],
      expiry: { at: clock.now() + options.expireAfter, sliding: options.expireAfter },
      chunkFollows: true,
    });
    if (size > 0) {
      const bytes = engine.readObject(object, { start: 0, end: size });
      await engine.accept(await engine.stage(bytes, { upload: id, offset: 0, length: size, keep: 'whole' }));
    }
    return id;
  };

  /** A file that was filed too early goes back to where bytes can be sent: they have been published, so they are copied. */
  const unfile = async (pending: Pending, newest: File['versions'][0]): Promise<void> => {
    const upload = await reopen(pending.home, newest);
    const unused = await ledger.transact(async (facts) => {
      await confirm(facts, pending);
      putPending(facts, { ...pending, upload, state: 'damaged' });
      return drive.takeBack(facts, pending.home, pending.id);
    });
    await freeUnused(host, unused);
  };

  /** The sender of an open upload said that its bytes are wrong. It expires again, unless more of them come. */
  const markDamaged = async (pending: Pending): Promise<void> => {
    await engine.amend(pending.upload, {
      expiry: { at: clock.now() + options.expireAfter, sliding: options.expireAfter },
    });
    await ledger.transact(async (facts) => {
      await confirm(facts, pending);
      putPending(facts, { ...pending, state: 'damaged' });
    });
  };

  /** A finish of what is a file by now. */
  const finishFiled = async (home: Home, id: number, md5: string): Promise<string> => {
    const { pending, found } = await ledger.read(async (facts) => ({
      pending: await getPending(facts, id),
      found: await drive.findFile(facts, home, id),
    }));
    const newest = found?.file.versions.at(-1);
    if (!newest) return noSuchFile;
    const unconfirmed = pending?.state === 'filed' && newest.upload === pending.upload ? pending : undefined;
    if (md5 !== '' && newest.digests.md5 !== md5) {
      if (unconfirmed) await unfile(unconfirmed, newest);
      return differs(newest.digests.md5, md5);
    }
    if (!unconfirmed) return '';
    const unused = await ledger.transact(async (facts) => {
      await confirm(facts, unconfirmed);
      dropPending(facts, unconfirmed);
      return drive.settleFile(facts, home, id);
    });
    await freeUnused(host, unused);
    return '';
  };

  return {
    settle,
    settleAll: async (home) => {
      for (const pending of await ledger.read((facts) => listPending(facts, home))) {
        const upload = pending.state === 'open' ? await engine.find(pending.upload) : undefined;
        if (upload?.state === 'open') await settle({ pending, upload });
      }
    },
    keep: async ({ pending, upload }) => {
      if (pending.state !== 'open') return;
      try {
        await engine.amend(upload.id, { expiry: null });
      } catch (error) {
        // A file already, or cancelled.
        if (!isRefusal(error)) throw error;
      }
    },
    takeBack,
    finish: async (home, id, given) => {
      const md5 = given.trim().toLowerCase();
      const pending = await ledger.read((facts) => getPending(facts, id));
      try {
        if (pending && pending.home.drive !== home.drive) return noSuchFile;
        if (!pending || pending.state === 'filed') return await finishFiled(home, id, md5);
        if (await file(pending, { confirmed: true, md5 })) return '';
        // Somebody looked at the drive at this very moment.
        return await finishFiled(home, id, md5);
      } catch (error) {
        const reason = reasonOf(error);
        if (pending && isRefusal(error, 'digest-mismatch')) await markDamaged(pending);
        return reason;
      }
    },
  };
};

import { isRefusal, Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { Sweep } from '../../../services/janitor/janitor.js';
import { dialectName } from '../address.js';
import type { Home } from '../drive/drive.js';
import { type Filing, openFiling } from './filing.js';
import { type Incoming, isComplete, type UploadParts } from './incoming.js';
import { dropPending, getPending, listPending, noteDue, type Pending, putPending, takeDue } from './pending.js';

/** Who uploads, and to which drive. */
export interface Sender {
  readonly caller: Caller;
  readonly home: Home;
  /** Address of the client. */
  readonly from: string;
}

/** Files on their way into drives. Ids are the catalog's. */
export interface Uploads extends Filing {
  /**
   * Reserves an id, and the size in the account's quota. Refuses `forbidden`, `malformed`, `no-such-file` for the folder,
   * `too-large`, `over-quota`, `no-room`.
   */
  start(sender: Sender, file: { dir: number; name: string; size: number }): Promise<number>;
  /**
   * The same for a new content of a file, which keeps its id; an empty name keeps its name. What was on its way for it before is
   * cancelled.
   */
  startUpdate(sender: Sender, file: { id: number; name: string; size: number }): Promise<number>;
  /** What is on its way under this id, to whatever drive; nothing where it is over or overdue. */
  find(id: number): Promise<Incoming | undefined>;
  /** What is on its way to a drive and is no file yet. */
  list(home: Home): Promise<Incoming[]>;
  /** Drops what is on its way, and its bytes. Nothing there is no error. */
  cancel(home: Home, id: number): Promise<void>;
  /** Looks after those that nobody looks after: complete ones become files, and what is over is forgotten. */
  readonly sweep: Sweep;
}

/** How many uploads one piece of sweeping looks at. */
const batch = 50;

const isSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;

/** Opens the uploads that rest in the host's ledger. */
export const openUploads = (parts: UploadParts): Uploads => {
  const { host, options, drive } = parts;
  const { engine, ledger, quota, clock, log } = host;
  const filing = openFiling(parts);

  const open = (
    { caller: { account }, home, from }: Sender,
    { name, size }: { name: string; size: number },
  ): Promise<Upload> => {
    if (!isSize(size)) throw new Refusal('malformed', { reason: 'The size is not a number of bytes.' });
    const limit = quota.largestFile(account);
    if (limit !== null && size > limit) throw new Refusal('too-large', { limit, size });
    return engine.open({
      dialect: dialectName,
      owner: home.account,
      size,
      metadata: { name },
      follow: ['md5'],
      expiry: { at: clock.now() + options.expireAfter, sliding: options.expireAfter },
      quota: quota.limit(account),
      // Not a chunk: what is written down next makes both durable.
      chunkFollows: true,
      from,
    });
  };

  /** Has the engine drop an upload; one that ended meanwhile is no error. */
  const drop = async (upload: string): Promise<void> => {
    try {
      await engine.cancel(upload);
    } catch (error) {
      if (!isRefusal(error, 'not-open') && !isRefusal(error, 'no-such-upload')) throw error;
    }
  };

  const begin = async (
    sender: Sender,
    file: { name: string; size: number },
    enter: (upload: string) => Promise<number>,
  ): Promise<number> => {
    const { id } = await open(sender, file);
    try {
      return await enter(id);
    } catch (error) {
      await drop(id);
      throw error;
    }
  };

  const looked = async (pending: Pending | undefined): Promise<Incoming | undefined> => {
    const upload = pending && (await engine.find(pending.upload));
    if (!pending || !upload) return undefined;
    const overdue = upload.expiry !== null && upload.expiry.at <= clock.now();
    const there = pending.state === 'filed' ? upload.state === 'finished' : upload.state === 'open' && !overdue;
    return there ? { pending, upload } : undefined;
  };

  const find = async (id: number): Promise<Incoming | undefined> =>
    looked(await ledger.read((facts) => getPending(facts, id)));

  const listOpen = async (home: Home): Promise<Incoming[]> => {
    const found: Incoming[] = [];
    for (const pending of await ledger.read((facts) => listPending(facts, home))) {
      const incoming = pending.state === 'filed' ? undefined : await looked(pending);
      if (incoming) found.push(incoming);
    }
    return found;
  };

  /** What becomes of an upload that nobody looked after for long. */
  const tidy = async (id: number): Promise<void> => {
    const incoming = await find(id);
    if (incoming && incoming.pending.state !== 'filed') {
      const { pending, upload } = incoming;
      if (pending.state === 'open' && isComplete(upload)) await filing.settle(incoming);
      const again = upload.expiry?.at ?? clock.now() + options.expireAfter;
      await ledger.transact(async (facts) => noteDue(facts, id, again), 'relaxed');
      return;
    }
    await ledger.transact(async (facts) => {
      const pending = await getPending(facts, id);
      if (pending && pending.upload === (incoming?.pending.upload ?? pending.upload)) dropPending(facts, pending);
    }, 'relaxed');
  };

  return {
    ...filing,
    find,
    list: listOpen,
    start: async (sender, { dir, name, size }) => {
      sender.caller.need('upload');
      drive.needName(name);
      await ledger.read((facts) => drive.liveFolder(facts, sender.home, dir));
      return begin(sender, { name, size }, (upload) =>
        ledger.transact(async (facts) => {
          const id = await drive.reserveId(facts);
          putPending(facts, { id, home: sender.home, upload, dir, name, update: false, state: 'open' });
          noteDue(facts, id, clock.now() + options.expireAfter);
          return id;
        }),
      );
    },
    startUpdate: async (sender, { id, name, size }) => {
      sender.caller.need('update');
      const { home } = sender;
      const { file } = await ledger.read((facts) => drive.file(facts, home, id));
      if (name !== '') drive.needName(name);
      const before = await ledger.read((facts) => getPending(facts, id));
      await begin(sender, { name: name || file.name, size }, (upload) =>
        ledger.transact(async (facts) => {
          const update: Pending = {
            id,
            home,
            upload,
            dir: file.folder,
            name: name || file.name,
            update: true,
            state: 'open',
          };
          putPending(facts, update);
          noteDue(facts, id, clock.now() + options.expireAfter);
          return id;
        }),
      );
      if (before && before.state !== 'filed') await drop(before.upload);
      return id;
    },
    cancel: async (home, id) => {
      const pending = await ledger.read((facts) => getPending(facts, id));
      if (!pending || pending.home.drive !== home.drive) return;
      if (pending.state === 'filed') return filing.takeBack(pending);
      await drop(pending.upload);
      await ledger.transact(async (facts) => {
        if ((await getPending(facts, id))?.upload === pending.upload) dropPending(facts, pending);
      });
    },
    sweep: {
      name: '4shared uploads',
      run: async () => {
        const due = await ledger.transact((facts) => takeDue(facts, clock.now(), batch), 'relaxed');
        for (const id of due)
          await tidy(id).catch((error: unknown) => log.error({ err: error }, 'an upload could not be tidied up'));
        return due.length === batch;
      },
    },
  };
};

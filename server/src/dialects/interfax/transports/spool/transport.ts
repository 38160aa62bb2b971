import { createWriteStream } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../../../../kit/folder.js';
import { statuses } from '../../faxes/statuses.js';
import type { Outgoing, Transport } from '../transport.js';

/** What the ticket beside an image says; a fact of this transport's interface to other software. */
export interface Ticket {
  readonly id: number;
  readonly key: string;
  /** The name of the image in the same folder. */
  readonly image: string;
  readonly number: string;
  readonly contact: string;
  readonly csid: string;
  readonly subject: string;
  readonly owner: string;
  readonly pages: number;
  readonly pageSize: string;
  readonly resolution: string;
  /** ISO 8601. */
  readonly submittedAt: string;
}

const ticketOf = (fax: Outgoing): Ticket => {
  const { id, key, number, contact, csid, subject, owner, submittedAt, image } = fax;
  const { pages, pageSize, resolution } = image;
  const about = { id, key, image: `${key}.tif`, number, contact, csid, subject, owner, pages, pageSize, resolution };
  return { ...about, submittedAt: new Date(submittedAt).toISOString() };
};

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
};

const writeDurably = async (path: string, bytes: AsyncIterable<Uint8Array> | Iterable<string>): Promise<void> => {
  await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o640, flush: true }));
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Moves a file; nothing where it has been moved already. */
const move = async (from: string, to: string): Promise<void> => {
  if (await isThere(from)) await rename(from, to);
};

/**
 * Puts faxes into a folder, for any software to take them from there: `<key>.tif`, and then, when that is whole,
 * `<key>.json`, its ticket. A fax counts as sent when its ticket is there.
 *
 * Both are first written in a folder beside it (`.staged`). Once they are durable, that is noted, and they are moved: so a
 * process that dies on the way can be followed by another that sees how far it came, also where somebody has taken
 * the fax meanwhile.
 */
export const spoolTransport = (folder: string): Transport => {
  const staging = join(folder, '.staged');
  const staged = (key: string, type: 'tif' | 'json') => join(staging, `${key}.${type}`);
  const final = (key: string, type: 'tif' | 'json') => join(folder, `${key}.${type}`);

  return {
    name: 'spool',
    send: async (fax, line, signal) => {
      const { key, image } = fax;
      await makeFolder(staging);
      if (fax.noted !== key) {
        await writeDurably(staged(key, 'tif'), image.bytes());
        await writeDurably(staged(key, 'json'), [`${JSON.stringify(ticketOf(fax), null, 2)}\n`]);
        await syncFolder(staging);
        signal.throwIfAborted();
        await line.note(key);
      }
      await line.onLine(true);
      await move(staged(key, 'tif'), final(key, 'tif'));
      // The image must not be lost where the ticket is kept.
      await syncFolder(folder);
      await move(staged(key, 'json'), final(key, 'json'));
      await syncFolder(folder);
      return { status: statuses.sent, pagesSent: image.pages, duration: 0, remoteCsid: '' };
    },
    withdraw: async (noted) => {
      for (const type of ['tif', 'json'] as const) await rm(staged(noted, type), { force: true });
    },
  };
};

import { expect } from 'vitest';
import { type Data, openData } from '../../src/app/data.js';
import { configOf } from '../../src/config.js';
import type { OutboxEvent } from '../../src/engine/events.js';
import type { File } from '../../src/services/catalog/catalog.js';
import { type CheckSpec, check } from '../../src/services/fsck/check.js';
import type { Finding } from '../../src/services/fsck/findings.js';
import { checkFaxes } from './interfax-aftermath.js';
import { type Load, sha1 } from './site.js';

/** Runs `work` over a data folder that no server uses. */
export const withDataOf = async <T>(dir: string, work: (data: Data) => Promise<T>): Promise<T> => {
  const data = await openData(configOf({ flags: { data: dir } }));
  try {
    return await work(data);
  } finally {
    await data.close();
  }
};

const filesOf = async ({ ledger, catalog }: Data): Promise<File[]> => {
  const files: File[] = [];
  for (;;) {
    const last = files.at(-1);
    const page = await ledger.read((facts) => catalog.recent(facts, { limit: 200, ...(last && { before: last.id }) }));
    files.push(...page);
    if (page.length === 0) return files;
  }
};

const eventsOf = async ({ engine }: Data): Promise<OutboxEvent[]> => {
  const events: OutboxEvent[] = [];
  for (;;) {
    const page = await engine.outbox(events.at(-1)?.seq ?? 0, 500);
    events.push(...page);
    if (page.length === 0) return events;
  }
};

const digestOf = async ({ engine }: Data, { versions: [{ object, size }] }: File): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of engine.readObject(object, { start: 0, end: size })) pieces.push(piece);
  return sha1(Buffer.concat(pieces));
};

const findings = async (data: Data, spec: CheckSpec): Promise<Finding[]> => {
  const found: Finding[] = [];
  await check(data, spec, (finding) => found.push(finding));
  return found;
};

/** What killed processes may leave behind: a chunk that was not accepted, or a publish that no client waits for any more. */
const isLeftover = ({ kind, subject }: Finding, known: ReadonlySet<string>): boolean =>
  (kind === 'orphan-part' && subject.startsWith('s-')) || (kind === 'publish-unrecorded' && !known.has(subject));

/**
 * When all is over: every file that a client was told of is there, once, whole and announced once; nothing else is
 * there but files whose answer was lost; and nothing is wrong in the data folder.
 */
export const checkAftermath = (dir: string, loads: readonly Load[]): Promise<void> =>
  withDataOf(dir, async (data) => {
    const finished = loads.flatMap((load) => load.finished);
    const known = new Set(finished.map(({ upload }) => upload));
    const unsure = new Map(loads.flatMap((load) => [...load.unsure]));

    const files = await filesOf(data);
    const named = new Map(files.map((file) => [file.name, file]));
    expect(named.size, 'no name has two files').toBe(files.length);
    for (const { upload, name, content, contentId } of finished) {
      const file = named.get(name);
      expect(
        file?.versions.map((version) => version.upload),
        name,
      ).toEqual([upload]);
      if (contentId !== undefined) expect(file?.id).toBe(contentId);
      if (file) expect(await digestOf(data, file), name).toBe(sha1(content));
      named.delete(name);
    }
    for (const [name, file] of named) {
      const content = unsure.get(name);
      expect(content, `${name} was asked for`).toBeDefined();
      if (content) expect(await digestOf(data, file), name).toBe(sha1(content));
    }

    const finishes = (await eventsOf(data)).filter(
      ({ kind, dialect }) => kind === 'finished' && dialect !== 'interfax',
    );
    const events = finishes.map(({ uploadId }) => uploadId);
    expect(events.length, 'no upload has two events').toBe(new Set(events).size);
    expect(new Set(events)).toEqual(new Set(files.map(({ versions: [{ upload }] }) => upload)));

    await checkFaxes(
      data,
      loads.flatMap(({ faxes = [] }) => faxes),
    );

    const found = await findings(data, { all: true, digests: true, repair: true });
    expect(found.filter((finding) => !isLeftover(finding, known))).toEqual([]);
    expect(await findings(data, { all: true, digests: true })).toEqual([]);
  });

import type { Limits } from 'longshore/api';
import { words } from '../words/en.js';
import { bytes } from '../words/format.js';
import { openFiles } from './files.js';
import type { Choice, Chosen } from './gather.js';
import { randomId } from './ids.js';
import {
  fromKept,
  type GroupName,
  type Item,
  isFound,
  isMoving,
  isOver,
  isUnmet,
  nameOf,
  type Phase,
  type Target,
} from './item.js';
import type { Journal } from './journal.js';
import { type List, openList } from './list.js';
import { type Finder, openFinder } from './match.js';
import { type Refusal, refusalOf } from './refuse.js';
import { cancelOnServer, run, type Server, type Shared } from './run.js';
import { nextToRun } from './schedule.js';
import type { Tab } from './tabs.js';
import { speedometer } from './totals.js';
import { openWaits } from './waits.js';

/** What the uploader is lent. */
export interface Surroundings {
  readonly journal: Journal;
  readonly tab: Tab;
  readonly server: Server;
  /** What the server would refuse. Rejects where it does not answer. */
  limits(): Promise<Limits>;
}

/** The uploads of this tab: what becomes of chosen files, and what people do with them. */
export interface Uploader {
  readonly list: List;
  /** Bytes per second, of all uploads. */
  speed(): number;
  /** Begins to look after uploads of `account`; null: nobody is there, and all stand still. */
  use(account: string | null): Promise<void>;
  /** Takes in what was chosen: files that uploads wait for, and others as new uploads. Says how many were new. */
  add(choice: Choice, target: Target): Promise<number>;
  pause(items: Iterable<Item>): void;
  /** Lets go on what is paused, and begins anew what failed or was refused. */
  resume(items: Iterable<Item>): Promise<void>;
  /** Ends them here and on the server. */
  cancel(items: Iterable<Item>): Promise<void>;
  /** Takes what is over off the list. */
  remove(items: Iterable<Item>): void;
  /** Asks for leave to read the files that uploads wait for. While the browser sees that the person just did something. */
  goOn(): Promise<void>;
  /** Has what waits for the network try at once. */
  hurry(): void;
  /** The network is another one, or was away: connections may be dead without anybody having been told. */
  reconnect(): void;
  /** Whether an upload could not go on after a reload without its file being chosen again. */
  readonly needsPage: boolean;
}

const texts = words.uploader;

/** Largest file that a copy is kept of, and all copies together, in bytes. */
const copies = { one: 8 * 1024 * 1024, all: 128 * 1024 * 1024 };
/** So many files are taken in at a time. */
const batch = 200;
/** More single files than this are shown as one. */
const crowd = 20;
/** Ms that a cancelled upload is given to learn the server's name for it. */
const patience = 3000;

const textOf = (refusal: Refusal): string => {
  if (refusal.kind === 'too-large') return texts.refused.tooLarge(bytes(refusal.limit));
  if (refusal.kind === 'no-room') return texts.refused.noRoom(bytes(refusal.free));
  return texts.refused.wrongType(refusal.endings.map((ending) => `.${ending}`));
};

export const openUploader = ({ journal, tab, server, limits }: Surroundings): Uploader => {
  const list = openList(journal);
  const files = openFiles(journal);
  const waits = openWaits();
  const meter = speedometer();
  const shared: Shared = { list, files, server, waits, meter };
  const running = new Map<Item, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  let account: string | null = null;
  let order = Date.now();
  /** What is not judged yet. */
  const unjudged = new Set<Item>();

  const waiting = function* (): Iterable<Item> {
    for (const item of list.items())
      if (item.phase === 'waiting' && !running.has(item) && !unjudged.has(item)) yield item;
  };
  const pump = (): void => {
    if (account === null) return;
    for (const item of nextToRun(waiting(), running.keys())) {
      const stop = new AbortController();
      const ended = run(item, shared, stop.signal).finally(() => {
        running.delete(item);
        pump();
      });
      running.set(item, { stop, ended });
    }
  };
  /** Shows what somebody did, and begins what may begin by that. */
  const proceed = (): void => {
    list.flush();
    pump();
  };
  /** Stops the run of an item, which is in another phase by now; it is given the time to learn the server's name for its upload. */
  const halt = async (item: Item): Promise<void> => {
    const under = running.get(item);
    if (under === undefined) return;
    const until = performance.now() + patience;
    const never = new AbortController().signal;
    while (item.state === null && running.get(item) === under && performance.now() < until)
      await waits.sleep(50, never);
    under.stop.abort();
    await under.ended;
  };
  /** Stops all runs at once, to begin them anew; what was paused a moment ago stays paused. */
  const interrupt = (): void => {
    for (const [item, { stop }] of running) {
      if (item.phase === 'cancelling') continue;
      if (isMoving(item)) list.change(item, { phase: 'waiting', speed: 0, note: '' });
      stop.abort();
    }
    proceed();
  };

  /** Bytes of files that the server does not know of yet, beside those of `judged`. */
  const queuedBeside = (judged: ReadonlySet<Item>): number => {
    let sum = 0;
    for (const item of list.items()) if (!isOver(item) && item.state === null && !judged.has(item)) sum += item.size;
    return sum;
  };
  /** Judges uploads before they begin; where the server does not answer, it will judge them itself. */
  const judge = async (items: readonly Item[], known: Promise<Limits | null>): Promise<void> => {
    for (const item of items) unjudged.add(item);
    const allowed = await known;
    let queued = queuedBeside(new Set(items));
    for (const item of items) {
      unjudged.delete(item);
      if (allowed === null || item.phase !== 'waiting') continue;
      const refusal = refusalOf(
        { name: nameOf(item), size: item.size, protocol: item.target.protocol, queued },
        allowed,
      );
      if (refusal === null) queued += item.size;
      else list.change(item, { phase: 'refused', note: textOf(refusal) });
    }
    proceed();
  };
  const askLimits = (): Promise<Limits | null> => limits().catch(() => null);

  let copying = Promise.resolve();
  /** Keeps copies of small files that nothing else leads to, one after the other. */
  const keepCopies = async (items: readonly Item[]): Promise<void> => {
    let held = 0;
    for (const { copied, size } of list.items()) if (copied) held += size;
    for (const item of items) {
      const { file, size } = item;
      if (file === null || isFound(item) || isOver(item) || size > copies.one || held + size > copies.all) continue;
      if (!(await journal.copy(item.id, file))) return;
      held += size;
      list.change(item, { copied: true });
    }
  };

  const itemOf = ({ file, path, root }: Chosen, owner: string, target: Target, group: GroupName | null): Item => {
    if (root !== null) {
      files.know(root);
      journal.keepRoot(root);
    }
    order += 1;
    return {
      ...{ id: randomId(), account: owner, tab: tab.id, order, group, path, target, file, copied: false },
      ...{ size: file.size, lastModified: file.lastModified, root: root?.id ?? null },
      ...{ state: null, confirmed: 0, phase: 'waiting', speed: 0, note: '', url: null },
    };
  };

  const reclaim = (item: Item, { file, root }: Chosen): void => {
    if (root !== null) {
      files.know(root);
      journal.keepRoot(root);
    }
    list.change(item, { file, root: root?.id ?? null, phase: 'waiting', note: '' });
  };

  /** What has stood still since another page had its file, and what a person who chooses that again therefore means. */
  const isWanted = (item: Item): boolean => {
    const { phase, file } = item;
    if (phase === 'lost' || phase === 'asking') return true;
    return (phase === 'paused' || phase === 'failed') && file === null && !isFound(item);
  };
  const wanted = (): Item[] => [...list.items()].filter(isWanted);

  /** Splits what is chosen into what uploads wait for and, some at a time, what is new. */
  async function* sort(choice: Choice, finder: Finder): AsyncIterable<readonly Chosen[]> {
    let some: Chosen[] = [];
    for await (const chosen of choice) {
      const known = finder.find(chosen);
      if (known !== undefined) reclaim(known, chosen);
      else some.push(chosen);
      if (some.length < batch) continue;
      yield some;
      some = [];
    }
    yield some;
  }

  const add: Uploader['add'] = async (choice, target) => {
    const owner = account;
    if (owner === null) return 0;
    const groups = new Map<string, GroupName>();
    const known = askLimits();
    const loose: Item[] = [];
    let count = 0;
    const take = async (items: readonly Item[]): Promise<void> => {
      list.add(items);
      await judge(items, known);
      copying = copying.then(() => keepCopies(items)).catch(() => undefined);
    };
    for await (const some of sort(choice, openFinder(wanted()))) {
      const inFolders: Item[] = [];
      for (const chosen of some) {
        count += 1;
        const slash = chosen.path.indexOf('/');
        const title = slash < 0 ? null : chosen.path.slice(0, slash);
        if (title === null) {
          loose.push(itemOf(chosen, owner, target, null));
          continue;
        }
        const group = groups.get(title) ?? { id: randomId(), title };
        groups.set(title, group);
        inFolders.push(itemOf(chosen, owner, target, group));
      }
      if (inFolders.length > 0) await take(inFolders);
      else pump();
    }
    const group = loose.length > crowd ? { id: randomId(), title: null } : null;
    if (loose.length > 0) await take(loose.map((item) => ({ ...item, group })));
    list.flush();
    return count;
  };

  const cancelOne = async (item: Item): Promise<void> => {
    await halt(item);
    // It may have come to its end meanwhile.
    if (item.phase === 'cancelling') await cancelOnServer(item, shared);
    proceed();
  };

  const adopt = async (from: string, owner: string): Promise<void> => {
    // Whoever is there by now leaves it to a tab of its own account.
    if (account !== owner) return;
    const { uploads, roots } = await journal.adopt(owner, from, tab.id);
    if (account !== owner) return;
    for (const root of roots) files.know(root);
    const items = uploads.map(fromKept);
    list.add(items);
    for (const item of items) {
      order = Math.max(order, item.order);
      if (item.phase === 'cancelling') cancelOne(item).catch(() => undefined);
      if (!isMoving(item) && item.phase !== 'asking' && item.phase !== 'lost') continue;
      const outlook = await files.outlook(item);
      list.change(item, { phase: outlook === 'found' ? 'waiting' : outlook });
    }
    proceed();
  };

  return {
    list,
    add,
    speed: () => meter.at(performance.now()),
    use: async (next) => {
      if (next === account) return;
      const before = account;
      account = next;
      interrupt();
      if (next === null) return;
      const theirs = [...list.items()].some((item) => item.account !== next);
      if (theirs) list.clear();
      // Who comes back to their own uploads finds them as they were left.
      if (!theirs && before === null && list.entries.length > 0) {
        for (const item of list.items()) if (item.phase === 'cancelling') cancelOne(item).catch(() => undefined);
        return pump();
      }
      for (const other of await journal.tabs(next)) {
        if (other === tab.id) await adopt(other, next);
        else tab.whenGone(other, () => adopt(other, next)).catch(() => undefined);
      }
    },
    pause: (items) => {
      for (const item of [...items].filter(isMoving)) {
        list.change(item, { phase: 'paused', speed: 0, note: '' });
        halt(item).catch(() => undefined);
      }
      proceed();
    },
    resume: async (items) => {
      const again = [...items].filter((item) => item.phase === 'paused' || isUnmet(item));
      for (const item of again) list.change(item, { phase: 'waiting', note: '' });
      await judge(
        again.filter(({ state }) => state === null),
        askLimits(),
      );
    },
    cancel: async (items) => {
      const past: readonly Phase[] = ['done', 'cancelling', 'cancelled'];
      const ended = [...items].filter(({ phase }) => !past.includes(phase));
      for (const item of ended) list.change(item, { phase: 'cancelling', speed: 0, note: '' });
      list.flush();
      // What runs is stopped first, so that nothing else begins in its place for nothing.
      for (const item of ended.sort((a, b) => Number(running.has(b)) - Number(running.has(a)))) await cancelOne(item);
    },
    remove: (items) => list.remove([...items].filter(isOver)),
    goOn: async () => {
      const asking = [...list.items()].filter(({ phase }) => phase === 'asking');
      await files.ask(asking);
      for (const item of asking) {
        const outlook = await files.outlook(item);
        // Where the answer was no, the browser does not ask again.
        if (item.phase === 'asking') list.change(item, { phase: outlook === 'found' ? 'waiting' : outlook });
      }
      proceed();
    },
    hurry: waits.hurry,
    reconnect: () => {
      waits.hurry();
      interrupt();
    },
    get needsPage() {
      for (const item of list.items())
        if ((isMoving(item) || item.phase === 'paused') && item.file !== null && !(journal.lasting && isFound(item)))
          return true;
      return false;
    },
  };
};

import { type Jobs, toldJob } from '../../services/jobs/jobs.js';
import type { Shown } from '../host.js';
import { toTask } from '../work/tasks.js';

/** Something that changed, as JSON; `owner`: whose it is, null for administrators alone. */
export interface WorkChange {
  readonly bundle: 'tasks' | 'jobs';
  readonly id: string;
  readonly owner: string | null;
  readonly text: string;
}

/** The tasks and jobs that change. */
export interface WorkWatch {
  /** What changed since it was asked last. `all`: also what other processes did. */
  changes(all: boolean): Promise<WorkChange[]>;
  /** Stops listening, and forgets. */
  stop(): void;
}

/** Most jobs that are remembered as changed. */
const most = 1_000;
/** How many jobs, and how many running tasks of each dialect, are looked at to see what other processes did. */
const looked = 50;

/** Begins to watch what becomes of uploads. */
export const watchWork = (parts: {
  readonly jobs: Pick<Jobs, 'find' | 'list' | 'listen'>;
  readonly shown: readonly Shown[];
}): WorkWatch => {
  const { jobs, shown } = parts;
  const changed = new Set<string>();
  /** What was told last, as text, by kind and id; the oldest go first. */
  const told = new Map<string, string>();
  const running = new Map<string, { readonly shown: Shown; readonly id: string }>();
  /** Jobs that were not there: their transactions were not over. Looked for once more. */
  let missing: readonly string[] = [];

  const stop = jobs.listen((id) => {
    if (changed.size < most) changed.add(id);
  });

  const news = (change: WorkChange): WorkChange[] => {
    const key = `${change.bundle}/${change.id}`;
    if (told.get(key) === change.text) return [];
    told.delete(key);
    told.set(key, change.text);
    const [eldest] = told.size > 2 * most ? told.keys() : [];
    if (eldest !== undefined) told.delete(eldest);
    return [change];
  };

  const ofTask = async (each: Shown, id: string): Promise<WorkChange[]> => {
    const { name } = each.dialect;
    const key = `${name}/${id}`;
    const task = await each.showing.tasks?.find(id);
    if (task?.state === 'running') running.set(key, { shown: each, id });
    else running.delete(key);
    if (!task) return [];
    return news({ bundle: 'tasks', id: key, owner: task.owner, text: JSON.stringify(toTask(name, task)) });
  };

  const ofJob = async (id: string, again: string[]): Promise<WorkChange[]> => {
    const job = await jobs.find(id);
    if (!job) {
      again.push(id);
      return [];
    }
    const found = news({ bundle: 'jobs', id, owner: null, text: JSON.stringify(toldJob(job)) });
    for (const each of shown) {
      const task = each.showing.tasks?.of(job);
      if (task !== undefined) found.push(...(await ofTask(each, task)));
    }
    return found;
  };

  const findRunning = async (): Promise<void> => {
    for (const each of shown) {
      const tasks = (await each.showing.tasks?.list({ state: 'running', limit: looked })) ?? [];
      for (const { id } of tasks) running.set(`${each.dialect.name}/${id}`, { shown: each, id });
    }
  };

  return {
    changes: async (all) => {
      const ids = new Set([...missing, ...changed]);
      changed.clear();
      if (all) {
        for (const { id } of await jobs.list({ limit: looked })) ids.add(id);
        await findRunning();
      }
      const found: WorkChange[] = [];
      const again: string[] = [];
      for (const id of ids) found.push(...(await ofJob(id, again)));
      missing = again.filter((id) => !missing.includes(id));
      // They go on without their jobs being changed.
      for (const { shown: each, id } of [...running.values()]) found.push(...(await ofTask(each, id)));
      return found;
    },
    stop,
  };
};

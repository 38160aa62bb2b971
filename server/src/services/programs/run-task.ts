import { fileURLToPath } from 'node:url';
import type { Json } from '../../kit/json.js';
import { type ChildSpec, failureFor, isAboutMemory, startChild } from './child.js';
import { ProgramFailure } from './limits.js';
import type { FromTask, ToTask } from './task.js';

/**
 * Where a module lies that another process is to run, relative to the module at `here`. Where this one runs from its source, as
 * in tests, it is the built one: no other process could read the source.
 */
export const taskModule = (path: string, here: string): URL => {
  const found = new URL(path, here);
  return here.endsWith('.ts') ? new URL(found.href.replace('/server/src/', '/server/dist/')) : found;
};

/** Bytes that Node sets aside for its heaps; the newest releases begin with 700 MiB and touch a tenth of them. */
const reservedByNode = 2 ** 30;

/** A task to be done in a process of its own. */
export interface TaskSpec extends Omit<ChildSpec, 'command' | 'args'> {
  /** A program that calls `performTask`; by `taskModule`. */
  readonly module: URL;
  readonly task: Json;
  /** Takes what the task tells on its way; the task goes on when this has ended. What it throws ends the task. */
  onTold?(message: Json): Promise<void> | void;
}

/**
 * Does a task in a Node process of its own, confined as `runProgram` confines, and gives its result. Throws a `ProgramFailure`
 * with the task's own message if it failed, the signal's reason if that aborted.
 */
export const runTask = async (spec: TaskSpec): Promise<Json> => {
  const { module, task, onTold } = spec;
  const broken = new AbortController();
  const heap = Math.max(64, Math.floor(spec.limits.memory / 2 / 2 ** 20));
  const { child, ended } = await startChild(
    {
      ...spec,
      command: process.execPath,
      args: [`--max-old-space-size=${heap}`, fileURLToPath(module)],
      setAside: reservedByNode,
      signal: AbortSignal.any([spec.signal, broken.signal]),
    },
    ['ignore', 'ignore', 'pipe', 'ipc'],
  );
  let answer: Exclude<FromTask, { told: Json }> | undefined;
  const say = (message: ToTask) => child.send(message, () => undefined);
  const listen = async (message: Json): Promise<void> => {
    try {
      await onTold?.(message);
      if (child.connected) say({ heard: true });
    } catch (error) {
      broken.abort(error);
    }
  };
  child.on('message', (message: FromTask) => {
    if ('told' in message) void listen(message.told);
    else answer = message;
  });
  say({ task });
  await ended;
  if (answer === undefined) throw failureFor('crashed');
  if ('done' in answer) return answer.done;
  throw isAboutMemory(answer.failed) ? failureFor('out-of-memory') : new ProgramFailure('failed', answer.failed);
};

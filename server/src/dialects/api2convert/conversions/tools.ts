import { sep } from 'node:path';
import type { Json } from '../../../kit/json.js';
import { findProgram } from '../../../services/programs/find.js';
import { type Limits, ProgramFailure } from '../../../services/programs/limits.js';
import { runProgram } from '../../../services/programs/run.js';
import { runTask, taskModule } from '../../../services/programs/run-task.js';
import { ConversionFailed, type ConversionWork } from './conversion.js';
import type { ConversionSettings } from './options.js';
import type { Task } from './tasks/task.js';

/** A task without what all tasks are told. */
type Ask<T extends Task> = T extends Task ? Omit<T, 'folder' | 'pixels'> : never;

/** What conversions are made with: processes of their own, with limits. What fails in them is a `ConversionFailed`. */
export interface Tools {
  readonly settings: ConversionSettings;
  /** Has a task done (`tasks/main.ts`); it writes to the work's folder. */
  task(work: ConversionWork, task: Ask<Task>, onTold?: (message: Json) => Promise<void>): Promise<Json>;
  /** Runs one of the programs that the settings name; gives its output, or hands it to `onOutput` as it comes. */
  program(
    work: ConversionWork,
    name: ProgramName,
    args: readonly string[],
    onOutput?: (text: string) => void,
  ): Promise<string>;
  /** Is this program installed? */
  has(name: ProgramName): Promise<boolean>;
  /** What a program says outside of any conversion: which codecs it has. '' where it is not installed. */
  ask(name: ProgramName, args: readonly string[]): Promise<string>;
}

/** The settings that name a program. */
export type ProgramName = 'ffmpeg' | 'ffprobe' | 'libreoffice' | 'ghostscript';

/** Complaints are told to clients: the last lines of them, without mere warnings and our folders. */
const told = (message: string, folder: string): string =>
  message
    .replaceAll(folder + sep, '')
    .replaceAll(folder, '')
    .trim()
    .split('\n')
    .filter((line) => !/^\s*warning/i.test(line))
    .slice(-3)
    .join(' ')
    .slice(0, 500) || 'It cannot be read.';

/** Rethrows what a process failed with as what the client is told; a cancelled work's reason stays what it is. */
const failed = (error: unknown, { folder }: ConversionWork): never => {
  if (error instanceof ProgramFailure)
    throw new ConversionFailed(`The file could not be converted: ${told(error.message, folder)}`, { cause: error });
  throw error;
};

/** The tools that these settings allow. */
export const toolsOf = (settings: ConversionSettings): Tools => {
  const limits: Limits = {
    memory: settings.conversionMemory,
    time: settings.conversionTimeout,
    disk: settings.conversionDisk,
  };
  const module = taskModule('./tasks/main.js', import.meta.url);
  const find = async (name: ProgramName) => (settings[name] === '' ? undefined : findProgram(settings[name]));
  return {
    settings,
    task: async (work, task, onTold) => {
      const { folder, signal } = work;
      const whole: Json = { ...task, folder, pixels: settings.conversionPixels };
      try {
        return await runTask({ module, task: whole, folder, limits, signal, ...(onTold && { onTold }) });
      } catch (error) {
        return failed(error, work);
      }
    },
    program: async (work, name, args, onOutput) => {
      const command = await find(name);
      if (command === undefined) throw new ConversionFailed('A program that this needs is not installed here.');
      const { folder, signal } = work;
      try {
        return await runProgram({ command, args, folder, limits, signal, ...(onOutput && { onOutput }) });
      } catch (error) {
        return failed(error, work);
      }
    },
    has: async (name) => (await find(name)) !== undefined,
    ask: async (name, args) => {
      const command = await find(name);
      if (command === undefined) return '';
      const signal = AbortSignal.timeout(30_000);
      return runProgram({ command, args, folder: '/', limits: { ...limits, disk: 2 ** 20 }, signal }).catch(() => '');
    },
  };
};

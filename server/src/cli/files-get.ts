import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Data } from '../app/data.js';
import { isAlgorithm, startDigest } from '../engine/digests.js';
import type { File, Version } from '../services/catalog/catalog.js';
import { newest } from '../services/catalog/versions.js';
import { withData } from './data.js';
import { findPath } from './files-find.js';
import { takesConfig } from './options.js';
import { bytes, printable } from './table.js';
import type { Terminal } from './terminal.js';

const versionNumber = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It wants the number of a version, from 1 on.');
  return Number(text);
};

/** The file that an id or a path names. Throws where there is none, or several. */
const needFile = (data: Data, what: string): Promise<File> =>
  data.ledger.read(async (facts) => {
    if (/^\d{1,15}$/.test(what)) return data.catalog.file(facts, Number(what));
    const [first, ...others] = (await findPath(data, facts, what)).files;
    if (!first) throw new Error(`There is no file ${what}.`);
    if (others.length === 0) return first;
    const ids = [first, ...others].map(({ id }) => id).join(', ');
    throw new Error(`There are several files of that name; say which by its id: ${ids}.`);
  });

const needVersion = (file: File, number: number | undefined): Version => {
  const found = number === undefined ? newest(file) : file.versions.find((each) => each.number === number);
  if (!found) throw new Error(`The file has no version ${number}.`);
  return found;
};

const kindOf = async (path: string): Promise<'folder' | 'file' | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? 'folder' : 'file');
};

/** Where a file goes: where it was told, else under its name. What is there already is not lost by a name that nobody chose. */
const targetOf = async (name: string, output: string | undefined): Promise<string> => {
  const isFolder = output !== undefined && (await kindOf(output)) === 'folder';
  if (output !== undefined && !isFolder) return output;
  const target = isFolder ? join(output, name) : name;
  if ((await kindOf(target)) !== undefined) throw new Error(`${target} is there already; name another one with -o.`);
  return target;
};

/** Copies a version's bytes to a path, and compares all digests that are known of it: a copy that differs is removed. */
const copyOut = async ({ engine }: Data, version: Version, path: string): Promise<readonly string[]> => {
  const digests = Object.entries(version.digests)
    .filter(([algorithm]) => isAlgorithm(algorithm))
    .map(([algorithm, expected]) => ({
      algorithm,
      expected,
      digest: isAlgorithm(algorithm) ? startDigest(algorithm) : undefined,
    }));
  const file = await open(path, 'wx', 0o600);
  try {
    if (version.size > 0)
      for await (const piece of engine.readObject(version.object, { start: 0, end: version.size })) {
        for (const { digest } of digests) digest?.update(piece);
        await file.writeFile(piece);
      }
    await file.sync();
  } finally {
    await file.close();
  }
  for (const { algorithm, expected, digest } of digests)
    if (digest?.hex() !== expected)
      throw new Error(`The bytes do not have the ${algorithm} ${expected} that the file had when it came.`);
  return digests.map(({ algorithm }) => algorithm);
};

/** `longshore files get`: copies a file out of a data folder. */
export const getCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('get'))
    .description('Copy a file out, with its digests verified, and print where it is')
    .argument('<path or id>', 'the file: /tus/alice/film.mov, or its id as `files` shows it')
    .option('-o, --output <path>', 'where to; under its own name unless told')
    .option('--version <number>', 'which version; the last one unless told', versionNumber)
    .action((what: string, spec: { output?: string; version?: number }, command: Command) =>
      withData(command, terminal, async (data) => {
        const file = await needFile(data, what);
        const version = needVersion(file, spec.version);
        const target = await targetOf(file.name, spec.output);
        const part = `${target}.${randomUUID()}.part`;
        try {
          const verified = await copyOut(data, version, part);
          await rename(part, target);
          terminal.say(`${printable(file.name)}: ${bytes(version.size)}, ${verified.join(', ')} verified.`);
          terminal.print(target);
        } finally {
          await rm(part, { force: true });
        }
      }),
    );

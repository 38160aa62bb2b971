import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { operations as apiOperations } from '../src/api/operations.js';
import { longshore } from '../src/cli/program.js';
import { optionsPage } from '../src/config/reference.js';
import { optionRows } from '../src/config.js';
import { pathOf } from '../src/dialects/api2convert/openapi/document.js';
import { operations as api2convertOperations } from '../src/dialects/api2convert/operations.js';
import * as applicationOperations from '../src/dialects/brightsign/application/operations.js';
import * as brightsignOperations from '../src/dialects/brightsign/operations.js';
import type { Endpoint } from '../src/dialects/dialect.js';
import * as foursharedOperations from '../src/dialects/fourshared/operations.js';
import * as dialects from '../src/dialects/index.js';
import * as inforouterOperations from '../src/dialects/inforouter/operations.js';
import * as interfaxOperations from '../src/dialects/interfax/operations.js';
import { defaultsOf } from '../src/kit/options.js';
import { serve } from './memory-server.js';

/** Renews pages instead of judging them. */
const update = process.env.UPDATE_DOCS === '1';

const root = new URL('../../', import.meta.url);
const page = new URL('docs/options.md', root);

/** A page of the repository, by its path. */
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

/** The words that are marked as code. */
const marked = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

interface Row {
  readonly first: string;
  /** The first word that is marked in the first cell. */
  readonly name: string;
  /** The other cells. */
  readonly cells: readonly string[];
}

/** The rows of the table below a heading. */
const tableBelow = (markdown: string, heading: string): Row[] => {
  const [, below = ''] = markdown.split(`\n## ${heading}\n`);
  const [section = ''] = below.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !/^\|[-|]+\|$/.test(line));
  return rows.slice(1).map((row) => {
    const [first = '', ...cells] = row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1);
    return { first, name: marked(first)[0] ?? '', cells };
  });
};

const namesOf = (rows: readonly Row[]): string[] => rows.map(({ name }) => name).sort();

test('docs/options.md says what the option tables say', async () => {
  const written = optionsPage(optionRows());
  if (update) await writeFile(page, written);
  expect(await readFile(page, 'utf8')).toBe(written);
});

test('every option has a sentence, and no two have the same name', () => {
  const rows = optionRows();
  for (const { name, option } of rows) expect(option.help, name).toMatch(/^[A-Za-z].*\.$/);
  for (const names of [rows.flatMap(({ flags }) => flags), rows.flatMap(({ variables }) => variables)])
    expect(new Set(names).size).toBe(names.length);
});

test('the README has a row for every dialect, those that are planned included, and a page for those that are there', async () => {
  const readme = await read('README.md');
  const rows = tableBelow(readme, 'Dialects');
  const there = rows.filter(({ cells }) => cells.at(-1) !== 'planned');
  expect(namesOf(there)).toEqual(Object.keys(dialects).sort());
  for (const { name } of there) {
    expect(readme).toContain(`[\`${name}\`](docs/${name}.md)`);
    expect(await read(`docs/${name}.md`)).toMatch(/^# \S/);
  }
});

test.each([
  ['brightsign', brightsignOperations],
  ['inforouter', inforouterOperations],
  ['api2convert', Object.fromEntries(api2convertOperations.map((each) => [`${each.method} ${pathOf(each)}`, each]))],
  ['fourshared', foursharedOperations],
  // Some are described alone.
  [
    'interfax',
    Object.fromEntries(Object.entries(interfaxOperations).filter(([, { doc }]) => !/^Not offered/.test(doc))),
  ],
])('docs/%s.md has every operation that is served, and no other as served', async (name, operations) => {
  const rows = tableBelow(await read(`docs/${name}.md`), 'Operations');
  const served = rows.filter(({ cells }) => cells[0] === 'served');
  expect(namesOf(served)).toEqual(Object.keys(operations).sort());
  for (const { name, cells } of rows) expect(['served', 'not offered', 'to come'], name).toContain(cells[0]);
});

test('docs/api.md has every operation of the API, who may ask for it, and what it does', async () => {
  const access = { anybody: 'anybody', account: 'accounts', admin: 'administrators' };
  const rows = tableBelow(await read('docs/api.md'), 'Operations');
  const told = rows.map(({ name, cells }) => [name, ...cells].join(' | '));
  const there = apiOperations.map((each) => `${each.method} ${each.path} | ${access[each.access]} | ${each.summary}`);
  expect(told.sort()).toEqual(there.sort());
});

test('docs/cli.md has every command, and no other', async () => {
  const silent = { environment: {}, print: () => undefined, say: () => undefined, exitWith: () => undefined };
  const { commands } = longshore({ ...silent, askSecret: async () => '', stopping: async () => undefined }, '0.0.0');
  const written = (await read('docs/cli.md')).split('\n').filter((line) => line.startsWith('| `'));
  const told = written.flatMap((line) => marked(line.split(' | ')[0] ?? ''));
  expect(new Set(told.map((usage) => usage.split(' ')[0]))).toEqual(new Set(commands.map((command) => command.name())));
  for (const command of commands)
    for (const part of command.commands)
      expect(
        told.some((usage) => `${usage} `.startsWith(`${command.name()} ${part.name()} `)),
        part.name(),
      ).toBe(true);
});

test('docs/brightsign.md has every operation of the application service, and no other', async () => {
  const rows = tableBelow(await read('docs/brightsign.md'), 'Application service');
  expect(namesOf(rows)).toEqual(Object.keys(applicationOperations).sort());
});

test('docs/tus.md has every extension that OPTIONS answers with, and no other', async () => {
  const server = await serve({ dialect: dialects.tus });
  try {
    const answer = await fetch(`${server.url}/files/`, { method: 'OPTIONS' });
    const answered = (answer.headers.get('tus-extension') ?? '').split(',');
    expect(answered).toContain('creation');
    expect(namesOf(tableBelow(await read('docs/tus.md'), 'Extensions'))).toEqual(answered.sort());
  } finally {
    await server.close();
  }
});

test('every dialect’s page names its endpoints', async () => {
  const endpoints = {
    api2convert: dialects.api2convert.endpoints(defaultsOf(dialects.api2convert.options)),
    brightsign: dialects.brightsign.endpoints(defaultsOf(dialects.brightsign.options)),
    fourshared: dialects.fourshared.endpoints(defaultsOf(dialects.fourshared.options)),
    inforouter: dialects.inforouter.endpoints(defaultsOf(dialects.inforouter.options)),
    interfax: dialects.interfax.endpoints(defaultsOf(dialects.interfax.options)),
    tus: dialects.tus.endpoints(defaultsOf(dialects.tus.options)),
  } satisfies Record<keyof typeof dialects, readonly Endpoint[]>;
  for (const [name, paths] of Object.entries(endpoints)) {
    const text = await read(`docs/${name}.md`);
    for (const { path } of paths) expect(text).toContain(path);
  }
});

test('links between the pages lead somewhere', async () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/operating.md', 'docs/cli.md', 'docs/api.md'];
  for (const path of [...pages, ...Object.keys(dialects).map((name) => `docs/${name}.md`)])
    for (const [, target = ''] of (await read(path)).matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      await expect(readFile(new URL(target, new URL(path, root))), `${path}: ${target}`).resolves.toBeDefined();
});

test('ARCHITECTURE.md lists the shelves of the ledger, and no other', async () => {
  const rows = tableBelow(await read('ARCHITECTURE.md'), 'The ledger: ordered facts');
  const source = new URL('server/src/', root);
  const files = (await readdir(source, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path));
  const texts = await Promise.all(files.map((path) => readFile(new URL(path, source), 'utf8')));
  const shelves = texts.flatMap((text) => [...text.matchAll(/\bshelf<[^()]+>\('([^']+)'\)/g)].map(([, name]) => name));
  expect(shelves).toContain('upload');
  expect(rows.flatMap(({ first }) => marked(first)).sort()).toEqual(shelves.sort());
});

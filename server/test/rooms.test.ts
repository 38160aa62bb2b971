import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

/** The rules of who may import whom, and a few that no type checker sees. Read from the sources as they stand. */
const source = fileURLToPath(new URL('../src/', import.meta.url));

interface SourceFile {
  /** Below `src`, with `/`. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Without comments, so that prose is not taken for code. Good enough for our own, formatted sources. */
const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

const importsOf = ({ path, text }: SourceFile): Import[] => {
  const found: Import[] = [];
  const statements =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  for (const [, type, named, dynamic] of code(text).matchAll(statements)) {
    const target = named ?? dynamic ?? '';
    if (!target.startsWith('.')) continue;
    const to = relative(source, join(source, dirname(path), target)).replaceAll('\\', '/');
    found.push({ from: path, to: to.replace(/\.js$/, '.ts'), typeOnly: type !== undefined });
  }
  return found;
};

/** `kit`, `stores/disk`, `dialects/tus`, `services/catalog`; `dialects` for a file that is in no single dialect; `app`. */
const roomOf = (path: string): string => {
  const [first = '', second = ''] = path.split('/');
  if (['stores', 'ledgers', 'services', 'dialects'].includes(first) && path.split('/').length > 2)
    return `${first}/${second}`;
  return first.replace(/\.ts$/, '');
};

const within = (room: string, ...allowed: string[]): boolean =>
  allowed.some((each) => room === each || room.startsWith(`${each}/`));

/** May this import stand? Within a room everything may. */
const isAllowed = ({ from, to, typeOnly }: Import): boolean => {
  const [user, used] = [roomOf(from), roomOf(to)];
  if (user === used) return true;
  const kind = user.split('/')[0];
  switch (kind) {
    case 'kit':
      return false;
    case 'engine':
    case 'http':
      return within(used, 'kit');
    case 'wire':
      return within(used, 'kit', 'http');
    case 'stores':
    case 'ledgers':
      // The registry names every folder of its kind; the folders never name each other.
      return within(used, 'kit', 'engine') || (user === kind && within(used, kind));
    case 'services':
      return within(used, 'kit', 'engine') || (typeOnly && within(used, 'services'));
    case 'dialects':
      if (user === kind && within(used, kind)) return true;
      return within(used, 'kit', 'engine', 'http', 'wire', 'services') || used === 'dialects';
    case 'api':
      // Of dialects it knows what they show of themselves, not which there are.
      return within(used, 'kit', 'engine', 'http', 'wire', 'services') || (typeOnly && used === 'dialects');
    case 'config':
      return within(used, 'kit', 'config') || /(^|\/)(options|index)\.ts$/.test(to);
    case 'app':
      return !within(used, 'cli', 'index');
    case 'cli':
      return !within(used, 'index', 'stores', 'ledgers', 'dialects', 'http', 'wire');
    case 'index':
      return !within(used, 'cli');
    default:
      return false;
  }
};

let files: SourceFile[] = [];
let imports: Import[] = [];

beforeAll(async () => {
  const entries = await readdir(source, { recursive: true });
  const paths = entries
    .map((each) => each.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  files = await Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(join(source, path), 'utf8') })),
  );
  imports = files.flatMap(importsOf);
});

/** Files in which a pattern is found, with the words that were found. */
const finds = (pattern: RegExp, where: (path: string) => boolean): string[] =>
  files
    .filter(({ path }) => where(path))
    .flatMap(({ path, text }) => [...code(text).matchAll(pattern)].map(([found]) => `${path}: ${found.trim()}`));

test('the sources are read', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(imports.length).toBeGreaterThan(100);
  expect(imports).toContainEqual({ from: 'engine/verbs.ts', to: 'engine/ports.ts', typeOnly: true });
});

test('the rule refuses what it should', () => {
  const judge = (from: string, to: string, typeOnly = false) => isAllowed({ from, to, typeOnly });
  expect(judge('engine/engine.ts', 'kit/clock.ts')).toBe(true);
  expect(judge('engine/engine.ts', 'stores/disk/store.ts')).toBe(false);
  expect(judge('kit/clock.ts', 'engine/ports.ts')).toBe(false);
  expect(judge('stores/disk/store.ts', 'stores/memory/store.ts')).toBe(false);
  expect(judge('stores/index.ts', 'stores/memory/store.ts')).toBe(true);
  expect(judge('dialects/tus/dialect.ts', 'dialects/dialect.ts')).toBe(true);
  expect(judge('dialects/tus/dialect.ts', 'dialects/brightsign/dialect.ts')).toBe(false);
  expect(judge('dialects/tus/dialect.ts', 'ledgers/sqlite/ledger.ts')).toBe(false);
  expect(judge('services/quota/open.ts', 'services/accounts/accounts.ts', true)).toBe(true);
  expect(judge('services/quota/open.ts', 'services/accounts/open.ts')).toBe(false);
  expect(judge('wire/soap/types.ts', 'engine/verbs.ts')).toBe(false);
  expect(judge('config.ts', 'http/options.ts')).toBe(true);
  expect(judge('config.ts', 'http/listener.ts')).toBe(false);
  expect(judge('http/listener.ts', 'app.ts')).toBe(false);
});

test('every import is one that its room may make', () => {
  const wrong = imports.filter((each) => !isAllowed(each)).map(({ from, to }) => `${from} imports ${to}`);
  expect(wrong).toEqual([]);
});

test('exports have names', () => {
  expect(finds(/^export default\b.*$/gm, () => true)).toEqual([]);
});

test('the environment and the arguments are read in cli.ts alone', () => {
  expect(finds(/process\.(?:env|argv)\b/g, (path) => path !== 'cli.ts')).toEqual([]);
});

test('clocks and random numbers come from the kit, below app', () => {
  const below = (path: string) => /^(?:engine|services|dialects)\//.test(path);
  expect(finds(/\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)/g, below)).toEqual([]);
});

test('the engine speaks no protocol', () => {
  const foreign =
    /\b(?:headers?|status\s?codes?|https?|urls?|cookies?|envelopes?|soap|xml|json\.parse|tus|s3|brightsign|interfax|inforouter|fourshared|4shared|api2convert|multipart)\b/gi;
  // Words of prose count too: a comment that needs a protocol's word explains the wrong thing.
  const found = files
    .filter(({ path }) => path.startsWith('engine/'))
    .flatMap(({ path, text }) => [...text.matchAll(foreign)].map(([word]) => `${path}: ${word}`));
  expect(found).toEqual([]);
});

import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { optionsPage } from '../src/config/reference.js';
import { optionRows } from '../src/config.js';

/** Renews pages instead of judging them. */
const update = process.env.UPDATE_DOCS === '1';

const page = new URL('../../docs/options.md', import.meta.url);

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

import { fileURLToPath } from 'node:url';
import * as soap from 'soap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { describeWith, lackingPhp, lackingZeep, python } from '../clients/needs.js';
import { type Server, serve } from '../memory-server.js';
import { output } from '../output.js';
import { rows } from './table.js';

// Other people's SOAP clients, made from the WSDL: every operation answers what they can read.

let server: Server;
beforeAll(async () => {
  server = await serve({ dialect: fourshared });
});
afterAll(() => server.close());

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const descriptions = [
  ['jax2', '?wsdl'],
  ['jax2', '?singleWsdl'],
  ['jax3', '?wsdl'],
  ['jax3', '?singleWsdl'],
] as const;
const rowsOf = (version: string) => rows.filter(({ later }) => version === 'jax3' || !later);

/** Operations that say no where they are asked about the file or folder 1, which is not there. */
const refused = [
  ...['getItems', 'getItemsPartial', 'getItemsCount', 'getFileDescription', 'getDirDescription'],
  ...['setFileDescription', 'setDirDescription', 'getPreviewLink', 'getVideoPreviewLink', 'getSmallImageLink'],
];

/** How zeep shows a value of a simple type; lists without items are nothing to it, and structs are their members. */
const shapes: Readonly<Record<string, string>> = {
  string: 'str',
  long: 'int',
  int: 'int',
  boolean: 'bool',
  '': 'NoneType',
};

describeWith('zeep', lackingZeep(), () => {
  test.each(descriptions)('%s%s', async (version, query) => {
    const task = { wsdl: `${server.url}/${version}/DesktopApp${query}`, login: 'alice', password: 'secret' };
    const said = await output(python, [here('walk.py')], { input: JSON.stringify(task) });
    const answers = JSON.parse(said) as Record<string, unknown>;
    expect(Object.keys(answers).sort()).toEqual(
      rowsOf(version)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { name, gives } of rowsOf(version)) {
      if (refused.includes(name)) {
        const fault = { fault: expect.any(String), details: version === 'jax3' ? expect.any(String) : null };
        expect([name, answers[name]]).toEqual([name, fault]);
      } else if (gives in shapes) {
        // An empty string and no string are the same to zeep.
        expect([name, answers[name] === 'NoneType' && gives === 'string' ? 'str' : answers[name]]).toEqual([
          name,
          shapes[gives],
        ]);
      }
    }
    expect(answers.getRoot).toEqual(expect.arrayContaining(['date', 'directory', 'id', 'name', 'parentId']));
    expect(answers.getMp3FileInfo).toContain('preciseLength');
  });
});

describeWith('PHP SoapClient', lackingPhp(), () => {
  test.each(descriptions)('%s%s', async (version, query) => {
    const wsdl = `${server.url}/${version}/DesktopApp${query}`;
    const answers = JSON.parse(await output('php', [here('walk.php'), wsdl, 'alice', 'secret'])) as Record<
      string,
      string
    >;
    const kinds: Readonly<Record<string, string>> = { long: 'int', int: 'int', boolean: 'bool', '': 'null' };
    for (const { name, gives } of rowsOf(version)) {
      const expected = refused.includes(name)
        ? 'SoapFault'
        : (kinds[gives] ?? (gives === 'string' ? 'string' : 'stdClass'));
      expect([name, answers[name]]).toEqual([name, expected]);
    }
  });
});

describe('node soap', () => {
  test.each(descriptions)('%s%s', async (version, query) => {
    const client = await soap.createClientAsync(`${server.url}/${version}/DesktopApp${query}`);
    const ask = async (operation: string, ...args: unknown[]): Promise<unknown> => {
      const named = Object.fromEntries(args.map((arg, n) => [`arg${n}`, arg]));
      const [answer] = (await client[`${operation}Async`](named)) as [{ return?: unknown } | null];
      return answer?.return;
    };
    const me = ['alice', 'secret'];
    // It refuses, on its own, to call what takes no arguments at all: hasRightUpload and a few others.
    expect(await ask('login', ...me)).toBe('');
    const folder = Number(await ask('createNewFolder', ...me, -1, `Music ${version}${query}`));
    expect(folder).toBeGreaterThan(1_000_000_000);
    // It leaves the members of an rpc/literal struct as text.
    expect(await ask('getDirInfo', ...me, folder)).toMatchObject({ id: String(folder), directory: 'true' });
    expect(JSON.stringify(await ask('getItems', ...me, -1))).toContain(`"Music ${version}${query}"`);
    expect(await ask('pasteFilesDirs', ...me, folder, true, { item: [] }, { item: [] })).toBe('');
    await expect(ask('getItems', `nobody ${version}${query}`, 'wrong', -1)).rejects.toThrow('Wrong login or password');
  });
});

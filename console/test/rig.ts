import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type CDPSession,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type FaultProxy, faultProxy } from '../../server/test/fault-proxy.js';
import { account, type ServerProcess, startServer } from '../../server/test/server-process.js';

const executablePath = '/usr/bin/chromium';

/** Why nothing can be tried in a browser here; undefined if it can. */
export const lackingChromium = (): string | undefined =>
  existsSync(executablePath) ? undefined : "Chromium, of Debian's package chromium";

/** Starts Chromium as people have it, without a window. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** A server, a line to it that can be cut, and a browser. */
export interface Rig {
  readonly server: ServerProcess;
  readonly proxy: FaultProxy;
  readonly browser: Browser;
  /** A folder of the test's own. */
  readonly folder: string;
  /** The page, with its address going through the proxy. */
  readonly page: Page;
  /** Another page of another person, at the same address. */
  open(options?: BrowserContextOptions): Promise<Page>;
}

/** What went wrong in a page without anybody having said so. */
const watched = new Map<Page, string[]>();

/** Words of Chromium about answers with a status of 400 or more, and about lines that were cut: tests see to both. */
const expected = /Failed to load resource|net::ERR_/;

const watch = (page: Page): Page => {
  const seen: string[] = [];
  watched.set(page, seen);
  page.on('pageerror', (error) => seen.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) seen.push(message.text());
  });
  return page;
};

/** Gives the tests of a file a server and a browser, and each of them a line, a folder and a page of its own. */
export const eachWithPage = (args: readonly string[] = []): Rig => {
  let server: ServerProcess;
  let browser: Browser;
  let proxy: FaultProxy;
  let folder: string;
  let page: Page;
  const contexts: BrowserContext[] = [];

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    contexts.push(context);
    const opened = watch(await context.newPage());
    await opened.goto(proxy.url);
    return opened;
  };

  beforeAll(async () => {
    server = await startServer({ args });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });
  beforeEach(async () => {
    proxy = await faultProxy(server.port);
    folder = await mkdtemp(join(tmpdir(), 'longshore-'));
    page = await open();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    await proxy.close();
    await rm(folder, { recursive: true });
    const seen = [...watched.values()].flat();
    watched.clear();
    expect(seen).toEqual([]);
  });

  return {
    get server() {
      return server;
    },
    get proxy() {
      return proxy;
    },
    get browser() {
      return browser;
    },
    get folder() {
      return folder;
    },
    get page() {
      return page;
    },
    open,
  };
};

/** Logs in as the server's account, and waits for the uploader. */
export const login = async (page: Page): Promise<void> => {
  await page.getByLabel('Name').fill(account.login);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Upload', level: 1 }).waitFor();
};

/**
 * Drops files and folders of the disk onto the page, as a person does with a mouse. What the page gets is what the browser makes of a
 * real drop: handles that it may keep.
 */
export const drop = async (page: Page, ...paths: readonly string[]): Promise<void> => {
  const area = await page.locator('.drop').boundingBox();
  if (area === null) throw new Error('there is no place to drop files on');
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const at = { x: Math.round(area.x + area.width / 2), y: Math.round(area.y + area.height / 2) };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
};

/** The line of an upload in the list. */
export const lineOf = (page: Page, name: string) => page.locator('.uploads > li').filter({ hasText: name });

/** Waits until the line of an upload has come to a phase. */
export const phase = async (page: Page, name: string, wanted: string): Promise<void> => {
  await lineOf(page, name).locator(`[data-phase="${wanted}"]`).waitFor({ timeout: 120_000 });
};

/** How a page's line is: bytes per second upwards, or cut off. Null: as fast as it can. */
export type Line = { readonly upload: number } | 'offline' | null;

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** Has the browser make the page's line slower, or cut it off. */
export const setLine = async (page: Page, line: Line): Promise<void> => {
  const opened = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, opened);
  await (await opened).send('Network.emulateNetworkConditions', {
    offline: line === 'offline',
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: line === null || line === 'offline' ? -1 : line.upload,
  });
};

const get = async ({ url, key }: ServerProcess, path: string): Promise<Response> => {
  const answer = await fetch(`${url}/api/${path}`, { headers: { Authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  return answer;
};

/** Asks the server's own interface, past the page, as its account. */
export const ask = async <T>(server: ServerProcess, path: string): Promise<T> =>
  (await (await get(server, path)).json()) as T;

/** The bytes of a file's first version. */
export const download = async (server: ServerProcess, file: number): Promise<ReadableStream<Uint8Array>> => {
  const { body } = await get(server, `files/${file}/content?version=1`);
  if (body === null) throw new Error('the file has no bytes');
  return body;
};

/** How long a wait may take before something is broken, and how often it looks. */
export const waiting = { timeout: 120_000, interval: 50 } as const;

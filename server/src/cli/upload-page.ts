import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import {
  fromPath,
  uploadWebPage,
  type WebPageFile,
  type WebPageFinished,
  type WebPageOptions,
} from '@longshore/client/node';

/** A folder that is to be a web page. */
export interface PageFolder {
  /** Absolute. */
  readonly path: string;
  /** Of the page: the folder's. */
  readonly name: string;
  /** The HTML file, and the others, as paths from the folder. */
  readonly html: string;
  readonly assets: readonly string[];
  /** Bytes of all files. */
  readonly size: number;
  /** When one of them was changed last, ms since 1970. */
  readonly modified: number;
}

/**
 * Looks for a web page in a folder: `index.html`, or the only HTML file that lies in it directly, and everything else as its
 * assets; files and folders whose names begin with a dot are left out. Throws where there is no HTML file to choose.
 */
export const findPage = async (folder: string): Promise<PageFolder> => {
  const path = resolve(folder);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(sep).some((name) => name.startsWith('.')))
    .sort();
  const pages = files.filter((file) => !file.includes(sep) && /\.html?$/i.test(file));
  const html = pages.find((file) => /^index\.html?$/i.test(file)) ?? (pages.length === 1 ? pages[0] : undefined);
  if (html === undefined)
    throw new Error(`${folder} has ${pages.length === 0 ? 'no HTML file' : 'several HTML files and no index.html'}.`);
  const known = await Promise.all(files.map((file) => stat(join(path, file))));
  return {
    path,
    name: basename(path),
    html,
    assets: files.filter((file) => file !== html),
    size: known.reduce((sum, { size }) => sum + size, 0),
    modified: Math.trunc(Math.max(...known.map(({ mtimeMs }) => mtimeMs))),
  };
};

/** Uploads a folder as a web page. */
export const sendPage = async (page: PageFolder, options: WebPageOptions): Promise<WebPageFinished> => {
  const open = async (file: string): Promise<WebPageFile> => ({
    path: file.split(sep).join('/'),
    input: await fromPath(join(page.path, file)),
  });
  const [html, ...assets] = await Promise.all([page.html, ...page.assets].map(open));
  if (!html) throw new Error(`${page.path} has no HTML file.`);
  return uploadWebPage(html, assets, { name: page.name, ...options });
};

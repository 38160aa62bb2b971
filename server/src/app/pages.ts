import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Exchange, Reply, Route } from '../http/exchange.js';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The page runs its own scripts and talks to its own server, and is shown in nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const guarded = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

interface Page {
  readonly path: string;
  readonly content: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Its name changes whenever its content does. */
  readonly lasting: boolean;
}

const toPage = (path: string, content: Buffer): Page => ({
  path,
  content,
  type: types[extname(path)] ?? 'application/octet-stream',
  etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
  lasting: path.startsWith('/assets/'),
});

const plainPage = (name: string): Page =>
  toPage(
    '/index.html',
    Buffer.from(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${name}</title>
<h1>${name}</h1>
<p>The server is running; its web page has not been built. <a href="api/about">What it offers</a>.</p>
`),
  );

const readPages = async (folder: string): Promise<Page[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => toPage(`/${relative(folder, file).split(sep).join('/')}`, await readFile(file))),
  );
};

const answer = ({ content, type, etag, lasting }: Page, { headers }: Exchange): Reply => {
  const caching = lasting ? 'public, max-age=31536000, immutable' : 'no-cache';
  const about = { ...guarded, etag, 'cache-control': caching };
  if (headers['if-none-match'] === etag) return { status: 304, headers: about };
  return { status: 200, headers: { ...about, 'content-type': type, 'content-length': content.length }, body: content };
};

const toRoute = (page: Page, path = page.path): Route => ({
  methods: ['GET', 'HEAD'],
  path,
  name: 'console',
  handle: async (exchange) => answer(page, exchange),
});

/**
 * Routes for the files of the built web page in `folder`, read once: there are few, and nothing else in the folder tree can
 * be reached. Where it is not built, a plain page says so.
 */
export const pageRoutes = async (folder: string, name: string): Promise<Route[]> => {
  const pages = await readPages(folder).catch(() => []);
  const front = pages.find(({ path }) => path === '/index.html') ?? plainPage(name);
  return [toRoute(front, '/'), ...pages.map((page) => toRoute(page))];
};

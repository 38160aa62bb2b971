import { createHash } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { type Server, serve } from '../memory-server.js';
import { dial, type RawSocket } from '../raw-socket.js';

const namespace = 'http://api.soap.shared.pmstation.com/';

/** MD5 as clients send it. */
export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const unescaped = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

/** An argument: text, number, boolean, or an array. */
export type Argument = string | number | boolean | readonly number[];

const written = (argument: Argument, n: number): string => {
  const text =
    typeof argument === 'object' ? argument.map((item) => `<item>${item}</item>`).join('') : escaped(String(argument));
  return `<arg${n}>${text}</arg${n}>`;
};

/** A call as JAX-WS writes it. */
export const envelope = (operation: string, args: readonly Argument[]): string =>
  '<?xml version="1.0" ?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>' +
  `<ns2:${operation} xmlns:ns2="${namespace}" xmlns:ns3="http://jaxb.dev.java.net/array">` +
  `${args.map(written).join('')}</ns2:${operation}></S:Body></S:Envelope>`;

/** What a call answered. */
export interface Answered {
  readonly status: number;
  /** What stands in `return`, as written; undefined where there is none. */
  readonly inside: string | undefined;
  readonly body: string;
}

/** Calls an operation. */
export const call = async (
  url: string,
  operation: string,
  args: readonly Argument[],
  path = '/jax3/DesktopApp',
): Promise<Answered> => {
  const reply = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml;charset="utf-8"', soapaction: '""', accept: 'text/xml, multipart/related' },
    body: envelope(operation, args),
  });
  const body = await reply.text();
  const [, empty, inside] = /<return(?:(\/)>|>(.*)<\/return>)/s.exec(body) ?? [];
  return { status: reply.status, inside: empty === undefined ? inside : '', body };
};

/** The text of an element in what a call answered. */
export const textOf = (xml: string, name: string): string | undefined => {
  const [, empty, inside] = new RegExp(`<${name}(?:(/)>|>([^<]*)</${name}>)`).exec(xml) ?? [];
  return empty === undefined ? inside && unescaped(inside) : '';
};

/** The items of a list. */
export const itemsOf = (xml: string): string[] =>
  [...xml.matchAll(/<item>(.*?)<\/item>/gs)].map(([, item = '']) => item);

/** Where a part goes, and its bytes. */
export interface Part {
  readonly file?: number | string;
  readonly first?: number | string;
  readonly bytes: Uint8Array;
}

/** How a client writes its form (specs/fourshared.md §7). */
export interface FormStyle {
  readonly boundary?: string;
  /** The name that the file part tells. */
  readonly fileName?: string;
  /** Text parts as the vendor's Java demo has them. */
  readonly java?: boolean;
  /** The file before the numbers. */
  readonly fileFirst?: boolean;
  /** What stands behind the last boundary's dashes. */
  readonly end?: string;
}

/** A part's form. */
export const formOf = ({ file, first, bytes }: Part, style: FormStyle = {}): Buffer => {
  const {
    boundary = 'boundaryOfTheTest',
    fileName = 'FilePart',
    java = false,
    fileFirst = false,
    end = '\r\n',
  } = style;
  const more = java ? '\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit' : '';
  const field = (name: string, value: number | string | undefined): Buffer[] =>
    value === undefined
      ? []
      : [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`)];
  const numbers = [...field('resumableFileId', file), ...field('resumableFirstByte', first)];
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="FilePart"; filename="${fileName}"\r\n` +
    'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n';
  const content = [Buffer.from(head), bytes, Buffer.from('\r\n')];
  const parts = fileFirst ? [...content, ...numbers] : [...numbers, ...content];
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--${end}`)]);
};

export const formType = (boundary = 'boundaryOfTheTest'): string => `multipart/form-data; boundary=${boundary}`;

/** What a POST answered: its status, and the values of the page's inputs. */
export interface Posted {
  readonly status: number;
  readonly id: string | undefined;
  readonly alert: string | undefined;
}

/** Reads the page that answers a POST. */
export const readPage = (status: number, html: string): Posted => {
  const input = (name: string) => new RegExp(`id="${name}" value="([^"]*)"`).exec(html)?.[1];
  return { status, id: input('uploadedFileId'), alert: input('alert') };
};

/** Posts a part, its form with its length. */
export const post = async (url: string, part: Part, style: FormStyle = {}): Promise<Posted> => {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': formType(style.boundary) },
    body: Uint8Array.from(formOf(part, style)),
  });
  return readPage(reply.status, await reply.text());
};

/** The head of a POST, as bytes of the wire; `lines` are its header fields. */
export const headOf = (url: string, version: '1.0' | '1.1', lines: readonly string[]): string => {
  const { pathname, search } = new URL(url);
  return `POST ${pathname}${search} HTTP/${version}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
};

/** A body in chunks of HTTP/1.1. */
export const chunked = (body: Buffer, size = 1000): Buffer => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
};

/** Begins a POST with its length told, sends `sent` bytes of its body, and leaves the rest to the caller. */
export const beginPost = async (url: string, body: Buffer, sent: number): Promise<RawSocket> => {
  const socket = await dial(url);
  const lines = [
    'Host: localhost',
    `Content-Type: ${formType()}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  await socket.send(headOf(url, '1.1', lines));
  await socket.send(body.subarray(0, sent));
  return socket;
};

/** A client that is logged in: what its user does. */
export interface Desktop {
  readonly url: string;
  /** Calls an operation with the credentials; the text in `return`. Throws on a fault. */
  ask(operation: string, ...args: readonly Argument[]): Promise<string>;
  /** The address of the form, with a session key of this folder. */
  formUrl(dir?: number): Promise<string>;
  /** Reserves an id. */
  start(name: string, size: number, dir?: number): Promise<number>;
  /** Says that a file is finished; the message. */
  finish(file: number, md5?: string): Promise<string>;
  /** Names in a folder. */
  names(dir?: number): Promise<string[]>;
  /** The bytes of a file, by its links. */
  download(file: number, range?: string): Promise<{ status: number; text: string; headers: Headers }>;
}

/** Speaks for an account; its password is `secret`. */
export const desktop = (url: string, login = 'alice', password = 'secret'): Desktop => {
  const ask = async (operation: string, ...args: readonly Argument[]): Promise<string> => {
    const { status, inside, body } = await call(url, operation, [login, password, ...args]);
    if (status !== 200) throw new Error(textOf(body, 'faultstring') ?? body);
    return unescaped(inside ?? '');
  };
  return {
    url,
    ask,
    formUrl: async (dir = -1) => {
      const key = await ask('createUploadSessionKey', dir);
      const center = await ask('getNewFileDataCenter');
      const { inside = '' } = await call(url, 'getUploadFormUrl', [center, key]);
      return unescaped(inside);
    },
    start: async (name, size, dir = -1) => Number(await ask('uploadStartFile', dir, name, size)),
    finish: (file, digest = '') => ask('uploadFinishFile', file, digest),
    names: async (dir = -1) => itemsOf(await ask('getItems', dir)).map((item) => textOf(item, 'name') ?? ''),
    download: async (file, range) => {
      const link = await ask('getDirectLink', await ask('getFileDownloadLink', file));
      const reply = await fetch(link, range === undefined ? {} : { headers: { range } });
      return { status: reply.status, text: await reply.text(), headers: reply.headers };
    },
  };
};

/** The server of the test that runs, and alice's client. */
export let server: Server;
export let alice: Desktop;

/** Gives each test of a file a server of its own. */
export const eachWithServer = (): void => {
  beforeEach(async () => {
    server = await serve({ dialect: fourshared });
    alice = desktop(server.url);
  });
  afterEach(() => server.close());
};

import { type Upload, type UploadOptions, upload } from '@longshore/client';
import type { About } from 'longshore/api';
import type { ProtocolName, Target } from './item.js';

/** Something that a protocol is told beside the file. */
export interface Field {
  readonly name: 'folder' | 'comment' | 'virtualPath' | 'fax' | 'convert';
  readonly type: 'text' | 'tel' | 'conversion';
  readonly required?: boolean;
  readonly placeholder?: string;
}

/** Who uploads. */
export interface Credentials {
  readonly account: string;
  /** Stands for the account, as a bearer token or as a password. */
  readonly key: string;
}

/** One upload, as a protocol is told of it. */
export interface Order extends Credentials {
  readonly source: Parameters<typeof upload>[1];
  readonly options: UploadOptions;
  /** The folders of the file, from the chosen one down. */
  readonly folders: readonly string[];
  readonly values: Target['values'];
}

/** A protocol as the uploader offers it. */
export interface Protocol {
  readonly fields: readonly Field[];
  /** Whether folders stay folders. */
  readonly keepsFolders: boolean;
  begin(order: Order): Upload;
}

// Confirmed bytes rise about once in so many ms, whatever the line.
const pace = 700;
// Requests of one upload at once: there are few connections, and other uploads want some.
const parallel = 2;

const withKey = ({ options, key }: Order) => ({ ...options, apiKey: key });
const withPassword = ({ options, account, key }: Order) => ({ ...options, user: account, password: key });

/** A path below the one that was given, if any, with the folders of the file. */
const below = (base: string | undefined, folders: readonly string[], slash: string): string | undefined => {
  const start = base?.trim() ?? '';
  if (start === '' && folders.length === 0) return undefined;
  return [start.replace(/[/\\]+$/, ''), ...folders].filter((part, n) => n === 0 || part !== '').join(slash);
};

const given = <Name extends string>(name: Name, value: string | undefined): { [N in Name]?: string } =>
  value === undefined || value.trim() === '' ? {} : ({ [name]: value.trim() } as { [N in Name]?: string });

/** Every protocol, in the order in which they are offered. */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  tus: {
    fields: [],
    keepsFolders: true,
    begin: (order) => {
      const { source, folders } = order;
      const name = source instanceof File ? source.name : '';
      const metadata = folders.length === 0 ? {} : { relativePath: [...folders, name].join('/') };
      return upload('tus', source, { ...withKey(order), pace, metadata });
    },
  },
  inforouter: {
    fields: [
      { name: 'folder', type: 'text', placeholder: '/Documents' },
      { name: 'comment', type: 'text' },
    ],
    keepsFolders: true,
    begin: (order) => {
      const { source, folders, values } = order;
      const folder = below(values['folder'] || '/Documents', folders, '/');
      const more = { ...given('folder', folder), ...given('comment', values['comment']) };
      return upload('inforouter', source, { ...withPassword(order), ...more, createFolder: true });
    },
  },
  brightsign: {
    fields: [{ name: 'virtualPath', type: 'text', placeholder: '\\Shared\\Incoming\\' }],
    keepsFolders: true,
    begin: (order) => {
      const { source, folders, values } = order;
      const base = values['virtualPath'] || (folders.length > 0 ? '\\Shared\\Incoming' : '');
      const path = below(base, folders, '\\');
      const more = path === undefined ? {} : { virtualPath: `${path}\\` };
      return upload('brightsign', source, { ...withKey(order), ...more, parallel });
    },
  },
  fourshared: {
    fields: [{ name: 'folder', type: 'text', placeholder: 'Films/2026' }],
    keepsFolders: true,
    begin: (order) => {
      const { source, folders, values } = order;
      const folder = below(values['folder'], folders, '/');
      return upload('4shared', source, { ...withPassword(order), ...given('folder', folder), parallel });
    },
  },
  interfax: {
    fields: [{ name: 'fax', type: 'tel', required: true, placeholder: '+44 20 7946 0123' }],
    keepsFolders: false,
    begin: (order) => upload('interfax', order.source, { ...withKey(order), fax: order.values['fax'] ?? '' }),
  },
  api2convert: {
    fields: [{ name: 'convert', type: 'conversion' }],
    keepsFolders: false,
    begin: (order) => {
      const { source, values } = order;
      return upload('api2convert', source, { ...withKey(order), ...given('convert', values['convert']), parallel });
    },
  },
};

/** All names, in the order in which they are offered. */
export const protocolNames = Object.keys(protocols) as readonly ProtocolName[];

/** The part of a dialect's address that its client library does not want to be told. */
const ends: Readonly<Partial<Record<ProtocolName, RegExp>>> = {
  fourshared: /\/jax\d\/DesktopApp\?wsdl$/,
  interfax: /\/dfs\.asmx$/,
};

/** Where each protocol is spoken to the page: those that the server speaks at the page's own address, which is all its policy lets it reach. */
export const endpointsOf = ({ dialects }: About, page: URL): Partial<Record<ProtocolName, string>> => {
  const found: Partial<Record<ProtocolName, string>> = {};
  for (const name of protocolNames) {
    const listed = dialects.find((dialect) => dialect.name === name)?.endpoints[0]?.url;
    if (listed === undefined) continue;
    const url = new URL(listed, page);
    // Behind a proxy the server may not know that the page came by https.
    if (url.host === page.host) url.protocol = page.protocol;
    if (url.origin === page.origin) found[name] = url.href.replace(ends[name] ?? '', '');
  }
  return found;
};

/** The first field that must be filled in and is not. */
export const missingField = ({ protocol, values }: Target): Field | undefined =>
  protocols[protocol].fields.find(({ name, required }) => required === true && (values[name] ?? '').trim() === '');

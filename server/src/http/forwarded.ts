import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Who sent a request, and the name under which it reached us. */
export interface Sender {
  /** IP address. */
  readonly remote: string;
  readonly scheme: 'http' | 'https';
  /** Host name with its port, if that is not the scheme's own; undefined where none was given, or nonsense. */
  readonly host: string | undefined;
}

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'],
};

/** An IPv4 address that came in on an IPv6 socket, as itself. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/**
 * Which addresses belong to trusted proxies: `list` holds addresses, networks (`10.0.0.0/8`), `loopback`, `private`.
 * Throws where an entry is none of these.
 */
export const trustedProxies = (list: readonly string[]): ((address: string) => boolean) => {
  // Most servers have no proxy, and a block list takes its time even when it is empty.
  if (list.length === 0) return () => false;
  const known = new BlockList();
  for (const entry of list.flatMap((word) => named[word] ?? [word])) {
    const [address = '', bits] = entry.split('/');
    if (isIP(address) === 0) throw new Error(`trustedProxies: ${entry} is no address and no network`);
    if (bits === undefined) known.addAddress(address, family(address));
    else known.addSubnet(address, Number(bits), family(address));
  }
  return (address) => isIP(address) !== 0 && known.check(address, family(address));
};

interface Hop {
  readonly address: string;
  readonly scheme?: string | undefined;
  readonly host?: string | undefined;
}

const listed = (header: string | string[] | undefined): string[] =>
  header === undefined
    ? []
    : String(header)
        .split(',')
        .map((each) => each.trim());

/** `192.0.2.1:80`, `"[2001:db8::1]:80"`, `2001:db8::1`: the address alone. */
const bare = (node: string) => {
  const match = /^\[([^\]]+)\](?::\d+)?$/.exec(node) ?? /^([^:]+):\d+$/.exec(node);
  return plain(match?.[1] ?? node);
};

/** RFC 7239: `for=192.0.2.1;proto=https;host=example.com, for=…`, the client first. */
const fromForwarded = (header: string): Hop[] =>
  (header.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map((element) => {
    const pairs = new Map<string, string>();
    for (const [, name = '', quoted, token] of element.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,\s]*))/g))
      pairs.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
    return { address: bare(pairs.get('for') ?? ''), scheme: pairs.get('proto'), host: pairs.get('host') };
  });

/** The X-Forwarded-* family. Where a list has no entry for each hop, its last word is the nearest proxy's own. */
const fromFamily = (headers: IncomingHttpHeaders): Hop[] => {
  const addresses = listed(headers['x-forwarded-for']);
  const at = (list: string[], index: number) => (list.length === addresses.length ? list[index] : list.at(-1));
  const schemes = listed(headers['x-forwarded-proto']);
  const hosts = listed(headers['x-forwarded-host']);
  const ports = listed(headers['x-forwarded-port']);
  if (addresses.length === 0 && schemes.length + hosts.length > 0) addresses.push('');
  return addresses.map((address, index) => {
    const host = at(hosts, index);
    const port = at(ports, index);
    return {
      address: bare(address),
      scheme: at(schemes, index),
      host: host && port && !/:\d+$/.test(host) ? `${host}:${port}` : host,
    };
  });
};

const hostForm = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

const tidy = (host: string | undefined, scheme: string) =>
  host !== undefined && hostForm.test(host) ? host.replace(scheme === 'https' ? /:443$/ : /:80$/, '') : undefined;

/**
 * Who sent the request: what the socket says, unless that is a trusted proxy; then what it and the trusted proxies
 * before it say, back to the first address that is not one of them.
 */
export const senderOf = (
  facts: { address: string; encrypted: boolean; headers: IncomingHttpHeaders },
  trusts: (address: string) => boolean,
): Sender => {
  let remote = plain(facts.address);
  let scheme: Sender['scheme'] = facts.encrypted ? 'https' : 'http';
  let host = facts.headers.host;
  if (trusts(remote)) {
    const { forwarded } = facts.headers;
    const hops = forwarded === undefined ? fromFamily(facts.headers) : fromForwarded(forwarded);
    for (const hop of hops.reverse()) {
      if (hop.scheme === 'http' || hop.scheme === 'https') scheme = hop.scheme;
      host = hop.host ?? host;
      // An obfuscated or missing name ("unknown", "_hidden") says nothing; the proxy is all we know.
      if (isIP(hop.address) === 0) break;
      remote = hop.address;
      if (!trusts(remote)) break;
    }
  }
  return { remote, scheme, host: tidy(host, scheme) };
};

/** What an `Authorization` header says. */
export type Credentials =
  | { readonly kind: 'password'; readonly name: string; readonly password: string }
  | { readonly kind: 'key'; readonly secret: string };

/** Text in UTF-8, as RFC 7617 recommends, or in Latin-1, as older clients send it. */
const textOf = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
};

/** Reads an `Authorization` header: `Basic` or `Bearer`, in any case. Nothing where it is something else. */
export const credentialsOf = (header: string): Credentials | undefined => {
  const [, scheme, value] = /^\s*(basic|bearer)\s+(\S+)\s*$/i.exec(header) ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return { kind: 'key', secret: value };
  const pair = textOf(Buffer.from(value, 'base64'));
  const colon = pair.indexOf(':');
  if (colon < 0) return undefined;
  return { kind: 'password', name: pair.slice(0, colon), password: pair.slice(colon + 1) };
};

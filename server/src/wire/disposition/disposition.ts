/** What `filename=` may hold for the oldest of readers: plain ASCII, and nothing that looks like a percent escape. */
const fallback = (name: string) => name.replace(/[^\x20-\x7e]/gu, '_').replace(/%/g, '_');

/** RFC 8187 `ext-value`: what `encodeURIComponent` leaves alone and an `attr-char` is not, is escaped as well. */
const extended = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * A `Content-Disposition` with a file name (RFC 6266): in plain `filename=` as far as that can hold it, and where that
 * is not all of it, whole in `filename*=`. Control characters become `_`; so no name can break out of the header.
 */
export const disposition = (type: 'attachment' | 'inline', filename: string): string => {
  // Halves of surrogate pairs become U+FFFD here: they have no percent form.
  const name = Buffer.from(filename)
    .toString()
    .replace(/\p{Cc}/gu, '_');
  const plain = fallback(name);
  const quoted = `"${plain.replace(/["\\]/g, '\\$&')}"`;
  return `${type}; filename=${quoted}${plain === name ? '' : `; filename*=UTF-8''${extended(name)}`}`;
};

/** Headers for a file that a stranger uploaded: it is kept, and does not run as a page of this server. */
export const attachment = (filename: string): Readonly<Record<string, string>> => ({
  'content-disposition': disposition('attachment', filename),
  'x-content-type-options': 'nosniff',
});

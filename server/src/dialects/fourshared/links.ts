/** Percent-encodes a name, and also what makes the vendor's Android library rewrite a link (specs/fourshared.md §10, `getDirectLink`). */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(
    /\.(?=html)|p(?=hoto)|o(?=ffice)|v(?=ideo)/gi,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The page about a file: what clients know as its `downloadLink`. */
export const pageLink = (base: string, { code, name }: { code: string; name: string }): string =>
  `${base}/file/${code}/${encoded(name)}.html`;

/** Where a file's bytes are, without credentials. */
export const directLink = (base: string, { code, name }: { code: string; name: string }): string =>
  `${base}/get/${code}/${encoded(name)}`;

/** The code in a link of either kind; empty where there is none. */
export const codeIn = (link: string): string => /\/(?:file|get)\/([0-9a-z]+)(?:[/?#]|$)/.exec(link)?.[1] ?? '';

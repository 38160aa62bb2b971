/** A host name as it is compared: lower case, without the brackets of an IPv6 address and the dot at the end. */
export const plainHost = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

/** Does the list name this very host? Then it may be an internal one. */
export const isNamed = (list: readonly string[], host: string): boolean =>
  list.some((each) => plainHost(each) === plainHost(host));

/** May this host be asked at all? */
export const isAllowed = (list: readonly string[], host: string): boolean => list.includes('*') || isNamed(list, host);

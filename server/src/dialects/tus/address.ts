/** The path with a slash at both ends. */
export const between = (path: string): string => `/${path}/`.replace(/\/{2,}/g, '/');

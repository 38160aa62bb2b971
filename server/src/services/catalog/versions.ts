import type { File, Version } from './catalog.js';

/** A file's last version: its bytes as they are now. */
export const newest = ({ versions }: Pick<File, 'versions'>): Version => versions.at(-1) ?? versions[0];

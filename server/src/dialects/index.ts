// Every dialect, one line each, in alphabetical order: configuration, mounts, docs and stories follow from these lines.
export { tus } from './tus/dialect.js';

import { dialect } from '../dialect.js';
import { between } from './address.js';
import { options } from './options.js';

/** Resumable uploads as tus.io has them: version 1.0 with every extension. */
export const tus = dialect({
  name: 'tus',
  title: 'tus 1.0',
  doc: 'Creates uploads, sends their bytes in chunks, and goes on after a cut where the server stands.',
  options,
  endpoints: ({ path }) => [{ path: between(path), what: 'tus 1.0 with every extension' }],
  load: async () => (await import('./serving.js')).serving,
});

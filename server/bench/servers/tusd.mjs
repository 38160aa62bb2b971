import { spawnSync } from 'node:child_process';
import { freePort, startProcess } from './process.mjs';

/** tusd, the tus project's own server, where one is installed. */
export const tusd = {
  name: 'tusd',
  lacking: () => (spawnSync('tusd', ['-version']).error === undefined ? undefined : 'no tusd on the PATH'),
  async start(dir) {
    const port = await freePort();
    const args = ['-host', '127.0.0.1', '-port', String(port), '-upload-dir', dir, '-base-path', '/files/'];
    const running = await startProcess('tusd', args, { port, log: `${dir}.log` });
    return { ...running, port, tus: { path: '/files/', headers: {} } };
  },
};

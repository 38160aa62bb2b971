import { fileURLToPath } from 'node:url';
import { freePort, startProcess } from './process.mjs';

const program = fileURLToPath(new URL('tus-node-program.mjs', import.meta.url));

/** `@tus/server` with `@tus/file-store`. */
export const tusNode = {
  name: '@tus/server',
  lacking: () => undefined,
  async start(dir) {
    const port = await freePort();
    const running = await startProcess(process.execPath, [program, dir, String(port)], { port, log: `${dir}.log` });
    return { ...running, port, tus: { path: '/files/', headers: {} } };
  },
};

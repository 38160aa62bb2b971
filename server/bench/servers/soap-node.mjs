import { fileURLToPath } from 'node:url';
import { freePort, startProcess } from './process.mjs';

const program = fileURLToPath(new URL('soap-node-program.mjs', import.meta.url));

/** The server half of npm's `soap`: takes the same `AppendChunk` calls, decodes the bytes and drops them. */
export const soapNode = {
  name: 'node soap',
  lacking: () => undefined,
  async start(dir) {
    const port = await freePort();
    const running = await startProcess(process.execPath, [program, String(port)], { port, log: `${dir}.log` });
    return { ...running, port, soap: { path: '/upload/', login: 'bench', password: 'unchecked', storesNothing: true } };
  },
};

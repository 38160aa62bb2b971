import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort, startProcess } from './process.mjs';

const program = fileURLToPath(new URL('../../bin/longshore.cjs', import.meta.url));
const login = 'bench';
const password = 'bench-password-1';

function command(...args) {
  const done = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`longshore ${args.slice(0, 2).join(' ')} failed: ${done.stderr}`);
  return done.stdout;
}

/** Longshore in its durable tier, every dialect on. */
export const longshore = {
  name: 'Longshore',
  lacking: () => undefined,
  async start(dir) {
    command('user', 'add', login, '--password', password, '--role', 'admin', '--data', dir);
    const key = command('key', 'add', '--user', login, '--data', dir).trim().split(/\s+/).at(-1);
    const port = await freePort();
    // As `npm start` does it.
    const args = [
      '--single-threaded-gc',
      '--max-semi-space-size=8',
      program,
      'serve',
      '--data',
      dir,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
    ];
    const running = await startProcess(process.execPath, args, { port, log: `${dir}.log` });
    return {
      ...running,
      port,
      tus: { path: '/files/', headers: { authorization: `Bearer ${key}` } },
      watched: { path: '/files/', headers: { authorization: `Bearer ${key}` } },
      queue: { key, headers: { authorization: `Bearer ${key}` } },
      soap: { path: '/Uploads/2014/07/SOAP/Basic/', login, password, storesNothing: false },
    };
  },
};

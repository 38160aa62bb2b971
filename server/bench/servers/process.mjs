import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A loopback port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * Starts a server program and resolves once something listens on its port; rejects with what the program said if it
 * ends before, or is silent for 30 s. What it says goes to the file `log`, so that reading it costs nobody anything.
 * `stop` ends it by its own pid and waits for its end; it does not outlive us.
 */
export async function startProcess(command, args, { port, log }) {
  const file = openSync(log, 'w');
  const child = spawn(command, args, { stdio: ['ignore', file, file] });
  closeSync(file);
  let ended = false;
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const end = once(child, 'close').then(() => {
    ended = true;
    process.off('exit', endWithUs);
  });
  const stop = async () => {
    if (!ended) child.kill('SIGTERM');
    const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await end;
    clearTimeout(impatient);
  };
  for (let tries = 0; tries < 600 && !ended; tries += 1) {
    if (await answers(port)) return { pid: child.pid, stop };
    await delay(50);
  }
  await stop();
  throw new Error(`${command} ${args.join(' ')} did not begin to listen: ${readFileSync(log, 'utf8').slice(-4000)}`);
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Gives a job to a load in a process of its own and yields what its phases give; the load waits while the taker looks
 * at the server. Throws what the load failed with.
 */
export async function* phases(load, job) {
  const child = fork(fileURLToPath(new URL(`load/${load}.mjs`, import.meta.url)), {
    // The disk's own speed is measured with as many writes at once as the case has.
    env: { ...process.env, UV_THREADPOOL_SIZE: '64' },
  });
  const end = once(child, 'exit');
  const next = async () => {
    const [message] = await Promise.race([
      once(child, 'message'),
      end.then(() => [{ failure: 'the load ended early' }]),
    ]);
    if (message.failure) throw new Error(message.failure);
    return message;
  };
  try {
    child.send(job);
    for (let message = await next(); !message.done; message = await next()) {
      yield message.result;
      child.send('go on');
    }
  } finally {
    child.kill('SIGKILL');
    await end;
  }
}

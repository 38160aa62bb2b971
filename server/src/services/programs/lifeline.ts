import { spawn } from 'node:child_process';

/**
 * Ends a process group when we end, however we end, until the function that it gives is called. A shell sees to it, which waits for a
 * pipe of ours to break; it is our own child, so that we take leave of it when it has ended.
 */
export const endWithUs = (group: number): (() => void) => {
  const keeper = spawn('/bin/sh', ['-c', `read -r _; kill -s KILL -- -${group}`], {
    // What ends our own group, as an interrupt from the terminal, must not end it before us.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // Without it the program runs none the less.
  keeper.on('error', () => undefined);
  return () => keeper.kill('SIGKILL');
};

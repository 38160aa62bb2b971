import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs another program to its end, in the group of this process, so that both end together. Throws where it does not end
 * with 0. Its environment says where its files may go, and nothing else of ours.
 */
export const runProgram = async (command: string, args: readonly string[], folder: string): Promise<void> => {
  const child = spawn(command, args, {
    cwd: folder,
    env: { HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8', PATH: programFolders.join(':') },
    stdio: 'ignore',
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}`);
};

/** Where programs are looked for that are told by their names alone. */
export const programFolders = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin', '/snap/bin'] as const;

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * Runs a program to its end and gives what it wrote to its standard output; rejects with everything it wrote if it ends
 * with another exit code than 0 or one of `codes`. `input` goes to its standard input.
 */
export async function output(
  command: string,
  args: readonly string[],
  { input = '', codes = [0] }: { input?: string | Uint8Array; codes?: readonly number[] } = {},
): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  // A program that ends without reading its input is judged by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (codes.includes(child.exitCode ?? -1)) return said;
  throw new Error(`${command} ended with ${child.exitCode ?? child.signalCode}:\n${complained}\n${said}`);
}

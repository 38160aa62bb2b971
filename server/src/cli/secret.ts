import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

const firstLine = async (input: AsyncIterable<Uint8Array | string>): Promise<string> => {
  let text = '';
  for await (const bytes of input) {
    text += bytes.toString();
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
};

/** Asks at the terminal without showing the answer; from a pipe, takes its first line. */
export const readSecret = async (prompt: string): Promise<string> => {
  if (!process.stdin.isTTY) return firstLine(process.stdin);
  process.stderr.write(prompt);
  const mute = new Writable({ write: (_bytes, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: mute, terminal: true });
  const interrupted = new AbortController();
  lines.once('SIGINT', () => interrupted.abort());
  try {
    return await lines.question('', { signal: interrupted.signal });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
};

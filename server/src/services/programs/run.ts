import { type ChildSpec, failureFor, startChild } from './child.js';

/** Characters of output that are kept for the caller. */
const keptOutput = 4 * 2 ** 20;

/**
 * Runs a program to its end and gives what it wrote to its standard output: text of at most 4 Mi characters, or nothing where
 * `onOutput` takes it as it comes. It gets no shell, no input and, where the system allows it, no network. Ended with
 * all that it has started when a limit is met or `signal` aborts. Throws a `ProgramFailure`, or the signal's reason.
 */
export const runProgram = async (spec: ChildSpec & { onOutput?(text: string): void }): Promise<string> => {
  const { onOutput } = spec;
  const tooMuch = new AbortController();
  const { child, ended } = await startChild({ ...spec, signal: AbortSignal.any([spec.signal, tooMuch.signal]) }, [
    'ignore',
    'pipe',
    'pipe',
  ]);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (onOutput) onOutput(text);
    else if (output.length + text.length > keptOutput) tooMuch.abort(failureFor('too-large'));
    else output += text;
  });
  await ended;
  return output;
};

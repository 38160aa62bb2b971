import type { ConversionInput, ConversionWork } from './conversion.js';

/** Gives the bytes of these inputs; tells how much of all of them was read, and ends when the work is to end. */
export const readingOf = (
  inputs: readonly ConversionInput[],
  { signal, progress }: Pick<ConversionWork, 'signal' | 'progress'>,
): ((input: ConversionInput) => AsyncIterable<Uint8Array>) => {
  const total = inputs.reduce((sum, { size }) => sum + size, 0);
  let read = 0;
  return async function* (input) {
    for await (const bytes of input.read()) {
      signal.throwIfAborted();
      yield bytes;
      read += bytes.length;
      progress(Math.min(100, Math.floor((read / total) * 100)));
    }
  };
};

/** A text as the body of an output. */
export async function* textBody(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

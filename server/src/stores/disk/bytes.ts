import { fstatSync, read, writev } from 'node:fs';
import { promisify } from 'node:util';

const writeBuffers = promisify(writev);
const readBuffer = promisify(read);

/** Most buffers that one system call takes (IOV_MAX of Linux and macOS). */
const mostBuffers = 1024;
const readSize = 512 * 1024;

/** What is left of `buffers` behind the first `count` bytes. */
const behind = (buffers: readonly Uint8Array[], count: number): Uint8Array[] => {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const buffer of buffers) {
    if (skip < buffer.length) rest.push(buffer.subarray(skip));
    skip = Math.max(0, skip - buffer.length);
  }
  return rest;
};

/** Writes all of `buffers` to a file, from byte `position` on. */
export const writeAll = async (fd: number, position: number, buffers: readonly Uint8Array[]): Promise<void> => {
  let at = position;
  for (let first = 0; first < buffers.length; first += mostBuffers) {
    let rest = first === 0 && buffers.length <= mostBuffers ? buffers : buffers.slice(first, first + mostBuffers);
    let left = rest.reduce((sum, each) => sum + each.length, 0);
    while (left > 0) {
      const { bytesWritten } = await writeBuffers(fd, rest, at);
      if (bytesWritten === 0) throw new Error('the system wrote nothing');
      at += bytesWritten;
      left -= bytesWritten;
      if (left > 0) rest = behind(rest, bytesWritten);
    }
  }
};

/** Length of an open file in bytes. */
export const lengthOf = (fd: number): number => fstatSync(fd).size;

/** The bytes `start` to `end`; throws when the file ends before. */
export async function* readRange(fd: number, start: number, end: number): AsyncGenerator<Uint8Array> {
  const length = lengthOf(fd);
  if (length < end) throw new Error(`the file ends at ${length}, before ${end}`);
  for (let at = start; at < end; ) {
    const buffer = Buffer.allocUnsafeSlow(Math.min(readSize, end - at));
    const { bytesRead } = await readBuffer(fd, buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw new Error(`the file ends at ${at}, before ${end}`);
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

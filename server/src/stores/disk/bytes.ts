import { fstatSync, type promises } from 'node:fs';

type FileHandle = promises.FileHandle;

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

/** Writes all of `buffers`, from byte `position` of the file on. */
export const writeAll = async (file: FileHandle, position: number, buffers: readonly Uint8Array[]): Promise<void> => {
  let at = position;
  for (let first = 0; first < buffers.length; first += mostBuffers) {
    let rest = first === 0 && buffers.length <= mostBuffers ? buffers : buffers.slice(first, first + mostBuffers);
    let left = rest.reduce((sum, each) => sum + each.length, 0);
    while (left > 0) {
      const { bytesWritten } = await file.writev(rest, at);
      if (bytesWritten === 0) throw new Error('the system wrote nothing');
      at += bytesWritten;
      left -= bytesWritten;
      if (left > 0) rest = behind(rest, bytesWritten);
    }
  }
};

/** Length of an open file in bytes. What is asked is in memory, so this takes less time than handing the question on. */
export const lengthOf = (file: FileHandle): number => fstatSync(file.fd).size;

/** The bytes `start` to `end`; throws when the file ends before. */
export async function* readRange(file: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  const length = lengthOf(file);
  if (length < end) throw new Error(`the file ends at ${length}, before ${end}`);
  for (let at = start; at < end; ) {
    const buffer = Buffer.allocUnsafeSlow(Math.min(readSize, end - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw new Error(`the file ends at ${at}, before ${end}`);
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

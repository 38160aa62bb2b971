import type { Duplex } from 'node:stream';

const answers: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Connections that have their answer. Whatever still comes over them is refused by the parser again, piece by piece. */
const refused = new WeakSet<Duplex>();

/**
 * Answers what is no HTTP request, or too slow or too big a one, and closes its connection. Where nobody is there to
 * hear it, or another answer is on its way (`busy`), the connection is only cut. `lingerMs`: how long what is still sent
 * is taken off the wire.
 */
export const refuseConnection = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { busy, lingerMs }: { busy: boolean; lingerMs: number },
): void => {
  if (refused.has(socket)) return;
  refused.add(socket);
  if (busy || error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = answers[error.code ?? ''] ?? '400 Bad Request';
  // Closing a connection on bytes that still come in would reset it: the client could lose the answer unread. So they are
  // taken, and nobody parses them.
  socket.removeAllListeners('data').on('data', () => undefined);
  const enough = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(enough));
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

import type { Duplex } from 'node:stream';

const answers: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/**
 * Answers what is no HTTP request, or too slow or too big a one, and closes its connection. Where nobody is there to
 * hear it, or another answer is on its way (`busy`), the connection is only cut.
 */
export const refuseConnection = (error: NodeJS.ErrnoException, socket: Duplex, busy: boolean): void => {
  if (busy || error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = answers[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
};

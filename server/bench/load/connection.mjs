import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/** A chunked body's bytes; undefined while its last chunk is not there. */
function dechunk(bytes) {
  const chunks = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), end };
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    at = end;
  }
}

/** The first whole answer in these bytes and where it ends; undefined while it is not whole. */
function readAnswer(bytes) {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const [statusLine, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const start = end + headEnd.length;
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  if (headers['transfer-encoding'] === 'chunked') {
    const whole = dechunk(bytes.subarray(start));
    return whole && { status, headers, body: whole.body, end: start + whole.end };
  }
  const length = Number(headers['content-length'] ?? 0);
  if (bytes.length < start + length) return undefined;
  return { status, headers, body: bytes.subarray(start, start + length), end: start + length };
}

/**
 * One keep-alive HTTP/1.1 connection over a bare socket: it writes bytes that are ready to send and reads short
 * answers, so that the load costs the machine as little as it can. One request at a time.
 */
export class Connection {
  #socket;
  #received = Buffer.alloc(0);
  #answers = [];
  #failure;
  #wake = () => undefined;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('drain', () => this.#wake());
    socket.on('error', (failure) => this.#fail(failure));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static async open(port) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const connection = new Connection(socket);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return connection;
  }

  #take(bytes) {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    for (let answer = readAnswer(this.#received); answer; answer = readAnswer(this.#received)) {
      this.#received = this.#received.subarray(answer.end);
      if (answer.status >= 200) this.#answers.push(answer);
    }
    this.#wake();
  }

  #fail(failure) {
    this.#failure ??= failure;
    this.#wake();
  }

  #change() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Sends bytes as fast as the server takes them; stops early if it has already answered. */
  async send(pieces) {
    for (const piece of pieces) {
      if (this.#answers.length > 0) return;
      if (this.#failure) throw this.#failure;
      if (!this.#socket.write(piece)) {
        while (this.#socket.writableNeedDrain && this.#answers.length === 0 && !this.#failure) await this.#change();
      }
    }
  }

  async answer() {
    while (this.#answers.length === 0) {
      if (this.#failure) throw this.#failure;
      await this.#change();
    }
    return this.#answers.shift();
  }

  /** One request; throws unless it is answered with the expected status. */
  async exchange(expected, pieces) {
    await this.send(pieces);
    const answer = await this.answer();
    if (answer.status !== expected) {
      throw new Error(`expected ${expected}, got ${answer.status}: ${answer.body.toString('utf8', 0, 500)}`);
    }
    return answer;
  }

  close() {
    this.#socket.destroy();
  }
}

/** A request's head, ready to send. */
export const head = (method, path, headers) =>
  Buffer.from(
    [
      `${method} ${path} HTTP/1.1`,
      'host: 127.0.0.1',
      ...Object.entries(headers).map(([k, v]) => `${k}: ${v}`),
      '',
      '',
    ].join('\r\n'),
    'latin1',
  );

/** Runs `work(0) … work(count - 1)`, so many at once, each on the connection of the worker that took it. */
export async function inParallel(connections, count, work) {
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (next < count) await work(next++, connection);
    }),
  );
}

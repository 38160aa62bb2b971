import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Unreachable } from '../transport.js';

/** Where a HylaFAX server listens, and as whom we come. */
export interface HylafaxAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Empty: none is sent. */
  readonly password: string;
  /** After how many ms without an answer a session counts as broken. */
  readonly timeout: number;
}

/** What the server says to a command. */
export interface Reply {
  readonly code: number;
  /** Without the code; one line or several. */
  readonly text: string;
}

/** The server said no to a command. */
export class HylafaxRefusal extends Error {
  override readonly name = 'HylafaxRefusal';
  readonly reply: Reply;
  constructor(command: string, reply: Reply) {
    super(`HylaFAX answers ${command} with ${reply.code} ${reply.text}`);
    this.reply = reply;
  }
}

/** A connection to a HylaFAX server, logged in: its client protocol is FTP's (RFC 959) with commands for jobs. */
export interface HylafaxSession {
  /** Sends a command and gives the answer; throws a `HylafaxRefusal` at a no. */
  command(line: string): Promise<Reply>;
  /** Stores bytes in a file of its own on the server, and gives its name. */
  store(bytes: AsyncIterable<Uint8Array>): Promise<string>;
}

/** As a text of the protocol: in quotation marks, without those and without characters that would end the line. */
export const quoted = (text: string): string => {
  const safe = [...text].filter((each) => each >= ' ' && each !== '\x7f' && each !== '"' && each !== '\\');
  return `"${safe.join('').slice(0, 200)}"`;
};

/** More than this in one answer is no answer. */
const longestReply = 2 ** 20;

/** Parts what comes over a control connection into answers. */
async function* repliesOf(socket: Socket): AsyncGenerator<Reply> {
  let text = '';
  let lines: string[] = [];
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.length + lines.join('').length > longestReply) throw new Error('HylaFAX says too much');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      lines.push(text.slice(0, end).replace(/\r$/, ''));
      text = text.slice(end + 1);
      // A long answer begins with `213-` and ends with a line that begins with `213 `.
      const first = lines[0] ?? '';
      const last = lines.at(-1) ?? '';
      const code = first.slice(0, 3);
      if (!/^\d{3}$/.test(code)) throw new Error('what answers does not speak the protocol of HylaFAX');
      if (first[3] === '-' && !last.startsWith(`${code} `)) continue;
      yield { code: Number(code), text: lines.map((line) => line.replace(/^\d{3}[ -]/, '')).join('\n') };
      lines = [];
    }
  }
}

const unreachable = (error: unknown): Unreachable =>
  error instanceof Unreachable ? error : new Unreachable('the HylaFAX server cannot be reached', { cause: error });

const open = async (host: string, port: number, timeout: number, signal: AbortSignal): Promise<Socket> => {
  const socket = connect({ host, port });
  const cut = () => socket.destroy(new Error('aborted'));
  signal.addEventListener('abort', cut, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', cut));
  socket.setTimeout(timeout, () => socket.destroy(new Error(`nothing was heard for ${timeout} ms`)));
  try {
    signal.throwIfAborted();
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw unreachable(error);
  }
};

/**
 * Has `use` work with a session, and ends it. Throws `Unreachable` where there is no server, or where it goes away; what
 * `signal` aborts throws its reason.
 */
export const withSession = async <T>(
  { host, port, user, password, timeout }: HylafaxAddress,
  signal: AbortSignal,
  use: (session: HylafaxSession) => Promise<T>,
): Promise<T> => {
  const socket = await open(host, port, timeout, signal);
  socket.setEncoding('utf8');
  const replies = repliesOf(socket);

  const reply = async (): Promise<Reply> => {
    try {
      const { value, done } = await replies.next();
      if (done) throw new Error('the connection was closed');
      return value;
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(error);
    }
  };
  const need = (command: string, said: Reply): Reply => {
    if (said.code >= 400) throw new HylafaxRefusal(command, said);
    return said;
  };
  const command = async (line: string): Promise<Reply> => {
    socket.write(`${line}\r\n`);
    return need(line.startsWith('PASS') ? 'PASS' : line, await reply());
  };
  const dataPort = async (): Promise<number> => {
    try {
      const { text } = await command('EPSV');
      const found = /\(\|\|\|(\d{1,5})\|\)/.exec(text)?.[1];
      if (found !== undefined) return Number(found);
    } catch (error) {
      // Older servers know PASV alone.
      if (!(error instanceof HylafaxRefusal)) throw error;
    }
    const { text } = await command('PASV');
    const numbers = /(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/.exec(text);
    if (!numbers) throw new Error(`HylaFAX offers no data connection: ${text}`);
    return Number(numbers[5]) * 256 + Number(numbers[6]);
  };

  try {
    need('the greeting', await reply());
    const hello = await command(`USER ${user}`);
    if (hello.code === 331) await command(`PASS ${password}`);
    const result = await use({
      command,
      store: async (bytes) => {
        for (const line of ['TYPE I', 'MODE S', 'FORM TIFF']) await command(line);
        // Always to the host we came to, whatever address it says: so it works through address translation, and nobody sends us elsewhere.
        const data = await open(host, await dataPort(), timeout, signal);
        const begun = await command('STOT').catch((error: unknown) => {
          data.destroy();
          throw error;
        });
        try {
          await pipeline(Readable.from(bytes), data, { signal });
        } catch (error) {
          signal.throwIfAborted();
          throw unreachable(error);
        }
        const ended = need('STOT', await reply());
        const file = /FILE: ([^\s()]+)/.exec(`${begun.text} ${ended.text}`)?.[1];
        if (file === undefined) throw new Error(`HylaFAX names no file: ${ended.text}`);
        return file;
      },
    });
    socket.end('QUIT\r\n');
    return result;
  } finally {
    socket.destroySoon();
    // Whatever still comes is of no interest.
    socket.on('error', () => undefined).resume();
  }
};

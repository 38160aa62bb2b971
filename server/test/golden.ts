import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** A server for one transcript: its ids count from the start and its clock stands still. */
export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

/** One request and its answer, as they stand in a transcript. */
interface Turn {
  readonly request: string;
  readonly answer: string;
}

const dashes = '-'.repeat(60);
const equals = '='.repeat(60);

/** Header fields of the connection, or of the minute. */
const passing = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

const parse = (text: string): Turn[] =>
  text.split(/^={20,}\n/m).map((turn) => {
    const [request = '', answer = ''] = turn.split(/^-{20,}\n/m);
    return { request: request.trim(), answer: answer.trim() };
  });

const print = (turns: readonly Turn[]): string =>
  `${turns.map(({ request, answer }) => `${request}\n${dashes}\n${answer}\n`).join(`${equals}\n`)}`;

/** The head and the body of a message, parted by its first empty line. */
const halves = (message: string, line: string): [string, string] => {
  const at = message.indexOf(line + line);
  return at < 0 ? [message, ''] : [message.slice(0, at), message.slice(at + 2 * line.length)];
};

/** A written request as it goes over the wire; lines that begin with `#` before it are for the reader. */
const toWire = (written: string): Buffer => {
  const [head, text] = halves(written.replace(/^(#.*\n)+/, ''), '\n');
  const isFramed = /^(transfer-encoding:|content-type:\s*multipart)/im.test(head);
  const isChunked = /^transfer-encoding:/im.test(head);
  const framed = isFramed ? text.replaceAll('\n', '\r\n') : text;
  // The empty line that ends a chunked body is lost to trimming.
  const body = Buffer.from(isChunked ? `${framed}\r\n\r\n` : framed, 'utf8');
  const length =
    body.length > 0 && !isChunked && !/^content-length:/im.test(head) ? [`Content-Length: ${body.length}`] : [];
  const lines = [...head.split('\n'), ...length, 'Connection: close'];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8'), body]);
};

const dechunk = (body: string): string => {
  let rest = body;
  let text = '';
  for (;;) {
    const size = Number.parseInt(rest, 16);
    if (!(size > 0)) return text;
    const from = rest.indexOf('\r\n') + 2;
    text += rest.slice(from, from + size);
    rest = rest.slice(from + size + 2);
  }
};

const canonical = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** What came over the wire as it is written: fields in the order of their names, those of the connection left out. */
const fromWire = (wire: Buffer, toLines: (body: string) => string): string => {
  let text = wire.toString('latin1');
  while (/^HTTP\/1\.1 1\d\d /.test(text)) text = halves(text, '\r\n')[1];
  const [head, raw] = halves(text, '\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [canonical(line.slice(0, colon)), line.slice(colon + 1).trim()];
  });
  const isChunked = fields.some(([name]) => name === 'Transfer-Encoding');
  const body = Buffer.from(isChunked ? dechunk(raw) : raw, 'latin1').toString('utf8');
  const kept = fields.filter(([name]) => !passing.has(name.toLowerCase())).map(([name, value]) => `${name}: ${value}`);
  return `${[status, ...kept.sort()].join('\n')}\n\n${toLines(body)}`.trim();
};

/** Sends bytes to a port of this machine and reads until the server closes. */
export const exchangeBytes = async (port: number, wire: Uint8Array): Promise<Buffer> => {
  const socket = connect(port, '127.0.0.1');
  socket.write(wire);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

/**
 * Replays every `*.http` file of a folder, each against a server of its own: a request, a line of dashes, the answer;
 * further turns after a line of equals signs. `toLines` breaks the body of an answer into lines for the
 * reader. With `UPDATE_GOLDEN=1` the answers are written anew instead of compared.
 */
export const goldens = (
  folder: URL,
  serve: () => Promise<Served>,
  { toLines = (body) => body }: { toLines?: (body: string) => string } = {},
): void => {
  const path = fileURLToPath(folder);
  const files = readdirSync(path).filter((name) => name.endsWith('.http'));
  describe.each(files)('%s', (file) => {
    test(`answers as ${basename(file, '.http')} says`, async () => {
      const turns = parse(readFileSync(join(path, file), 'utf8').replaceAll('\r\n', '\n'));
      const server = await serve();
      try {
        const answered: Turn[] = [];
        for (const { request } of turns)
          answered.push({ request, answer: fromWire(await exchangeBytes(server.port, toWire(request)), toLines) });
        if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(path, file), print(answered));
        else expect(print(answered)).toBe(print(turns));
      } finally {
        await server.close();
      }
    });
  });
};

import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { output } from '../output.js';
import { freePort } from '../server-process.js';

/**
 * A HylaFAX server with a spool of its own and three software modems: what the first sends, the second receives; the third's
 * calls come to an exchange of ours, which answers to each as the test wants.
 */
export interface FaxLine {
  /** Of the client protocol, on 127.0.0.1. */
  readonly port: number;
  /** The modem whose calls the other one answers. */
  readonly modem: string;
  /** The modem whose calls nobody answers. */
  readonly lonely: string;
  /** Files of received faxes, the oldest first. */
  received(): Promise<string[]>;
  close(): Promise<void>;
}

const iax = {
  control: 6,
  call: 4,
  new: 1,
  ping: 2,
  pong: 3,
  ack: 4,
  hangup: 5,
  accept: 7,
  lagRequest: 11,
  lagReply: 12,
} as const;
const [ringing, busy] = [3, 5];

/** The number that a new call is for: its information element 1. */
const called = (elements: Buffer): string => {
  let at = 0;
  while (at + 2 <= elements.length) {
    const [kind, length] = [elements.readUInt8(at), elements.readUInt8(at + 1)];
    if (kind === 1) return elements.toString('latin1', at + 2, at + 2 + length);
    at += 2 + length;
  }
  return '';
};

/** Accepts every call of the IAX protocol, and says that the number is busy; numbers that end in 2 only ring. */
const deadExchange = async (): Promise<{ port: number; socket: Socket }> => {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    // Full frames alone matter: numbers of the call at either end, time, sequence numbers, type and subclass.
    if (message.length < 12 || !((message[0] ?? 0) & 0x80)) return;
    const caller = message.readUInt16BE(0) & 0x7fff;
    const time = message.readUInt32BE(4);
    const theirs = message.readUInt8(8);
    const answer = (type: number, subclass: number, sequence: number, more = Buffer.alloc(0)) => {
      const frame = Buffer.alloc(12);
      frame.writeUInt16BE(0x8001, 0);
      frame.writeUInt16BE(caller, 2);
      frame.writeUInt32BE(time + sequence + 1, 4);
      frame.writeUInt8(sequence, 8);
      frame.writeUInt8((theirs + 1) & 255, 9);
      frame.writeUInt8(type, 10);
      frame.writeUInt8(subclass, 11);
      socket.send(Buffer.concat([frame, more]), port, address);
    };
    if (message[10] !== iax.control) return;
    if (message[11] === iax.new) {
      // The call's sound, signed linear, is one information element.
      answer(iax.control, iax.accept, 0, Buffer.from([9, 4, 0, 0, 0, 64]));
      answer(iax.call, called(message.subarray(12)).endsWith('2') ? ringing : busy, 1);
    }
    if (message[11] === iax.ping) answer(iax.control, iax.pong, 2);
    if (message[11] === iax.lagRequest) answer(iax.control, iax.lagReply, 2);
    if (message[11] === iax.hangup) answer(iax.control, iax.ack, message.readUInt8(9));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, socket };
};

const exampleConfig = '/usr/share/doc/iaxmodem/examples/config.ttyIAX';

/** Starts all of it; wants root, HylaFAX and iaxmodem as Debian has them. */
export const startFaxLine = async (): Promise<FaxLine> => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  const spool = join(folder, 'spool');
  const processes: ChildProcess[] = [];
  const modems = ['a', 'b', 'c'].map((letter) => `ttyLS${process.pid}${letter}`);
  const [first = '', , lonely = ''] = modems;
  const exchange = await deadExchange();

  const start = (command: string, ...args: string[]) => {
    const process = spawn(command, args, { stdio: 'ignore' });
    processes.push(process);
    return process;
  };
  /** A modem speaks in real time: what it says late, because others have the processor, is lost on the line. */
  const startInTime = (command: string, ...args: string[]) => {
    const { pid } = start(command, ...args);
    if (pid === undefined) return;
    try {
      setPriority(pid, constants.priority.PRIORITY_HIGHEST);
    } catch {
      // Where even root may not, it has the processor like everybody.
    }
  };
  const close = async () => {
    for (const process of processes.reverse()) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill();
      const isOver = await Promise.race([once(process, 'exit').then(() => true), delay(5000, false, { ref: false })]);
      if (!isOver) {
        process.kill('SIGKILL');
        await once(process, 'exit');
      }
    }
    exchange.socket.close();
    for (const modem of modems) {
      await rm(`/etc/iaxmodem/${modem}`, { force: true });
      await rm(`/dev/${modem}`, { force: true });
    }
    await rm(folder, { recursive: true, force: true });
  };
  /** Waits until `check` is true, for a minute and a half at most. */
  const until = async (what: string, check: () => Promise<boolean>) => {
    for (let i = 0; i < 180; i += 1) {
      if (await check().catch(() => false)) return;
      await delay(500);
    }
    throw new Error(`${what} did not come to be`);
  };

  try {
    // Its processes give up being root, and must get there.
    await output('chmod', ['755', folder]);
    await output('cp', ['-a', '/var/spool/hylafax', spool]);
    await rm(join(spool, 'etc'), { recursive: true, force: true });
    await output('cp', ['-a', '/etc/hylafax', join(spool, 'etc')]);
    // What another server has under way is none of ours.
    for (const place of [spool, join(spool, 'etc')]) {
      for (const name of await readdir(place)) if (/^(?:FIFO|config\.tty)/.test(name)) await rm(join(place, name));
    }
    for (const queue of ['recvq', 'sendq', 'doneq', 'docq', 'log', 'status', 'client']) {
      for (const name of await readdir(join(spool, queue))) await rm(join(spool, queue, name), { recursive: true });
    }
    const ports = [await freePort(), await freePort(), await freePort()];
    const servers = [ports[1], ports[0], exchange.port];
    for (const [i, modem] of modems.entries()) {
      const lines = [
        `device /dev/${modem}`,
        'owner uucp:uucp',
        'mode 660',
        `port ${ports[i]}`,
        'refresh 0',
        `server 127.0.0.1:${servers[i]}`,
        `peername ls${i}`,
        'secret x',
        'cidname Longshore',
        `cidnumber 100${i}`,
        'codec slinear',
      ];
      await writeFile(`/etc/iaxmodem/${modem}`, `${lines.join('\n')}\n`);
      const config = join(spool, `etc/config.${modem}`);
      await output('install', ['-o', 'uucp', '-g', 'uucp', '-m', '644', exampleConfig, config]);
    }
    const port = await freePort();
    start('faxq', '-q', spool, '-D');
    await until('the queue of HylaFAX', async () => (await readdir(spool)).includes('FIFO'));
    start('hfaxd', '-q', spool, '-d', '-l', '127.0.0.1', '-i', String(port));
    for (const modem of modems) startInTime('iaxmodem', modem);
    for (const modem of modems) {
      await until(modem, async () => (await readdir('/dev')).includes(modem));
      startInTime('faxgetty', '-q', spool, modem);
    }
    for (const modem of modems)
      await until(`${modem} at rest`, async () => /idle/.test(await readFile(join(spool, 'status', modem), 'utf8')));
    return {
      port,
      modem: first,
      lonely,
      received: async () => {
        const names = (await readdir(join(spool, 'recvq'))).filter((name) => name.endsWith('.tif'));
        return names.sort().map((name) => join(spool, 'recvq', name));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

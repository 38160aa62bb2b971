import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../kit/clock.js';
import { type Line, type Outgoing, Unreachable } from '../transport.js';
import { statusOf } from './codes.js';
import { quoted } from './session.js';
import { hylafaxTransport } from './transport.js';

const never = new AbortController().signal;
const image = Buffer.from('a fax');

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** What a client of the fake has begun. */
interface Session {
  job: string;
  data?: { readonly server: Server; readonly connection: Promise<Socket[]> };
}

interface FakeJob {
  parameters: Map<string, string>;
  /** The states it goes through, one at each look; the last stays. */
  states: string[];
}

/** Speaks as much of HylaFAX as the transport does. */
const fakeHylafax = async (outcome: { states: string[]; code?: string; status?: string }) => {
  const jobs = new Map<string, FakeJob>();
  const files = new Map<string, Buffer>();
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const fake = { jobs, files, commands, dieAt: '', outcome, wantsPassword: false };

  const answer = async (socket: Socket, line: string, session: Session): Promise<string> => {
    const [command = '', name = '', ...rest] = line.split(' ');
    const job = jobs.get(session.job);
    switch (command) {
      case 'USER':
        return fake.wantsPassword ? '331 Password required.' : '230 Logged in.';
      case 'PASS':
        return name === 'secret' ? '230 Logged in.' : '530 Login incorrect.';
      case 'EPSV': {
        const listener = createServer().listen(0, '127.0.0.1');
        session.data = { server: listener, connection: once(listener, 'connection') as Promise<Socket[]> };
        await once(listener, 'listening');
        return `229 Entering Extended Passive Mode (|||${portOf(listener)}|)`;
      }
      case 'STOT': {
        if (!session.data) return '425 No data connection';
        const [data] = await session.data.connection;
        socket.write('150 FILE: /tmp/doc1.tif (Opening new data connection).\r\n');
        const parts: Buffer[] = [];
        for await (const part of data ?? []) parts.push(part as Buffer);
        session.data.server.close();
        files.set('/tmp/doc1.tif', Buffer.concat(parts));
        return '226 Transfer complete (FILE: /tmp/doc1.tif).';
      }
      case 'JNEW': {
        session.job = String(jobs.size + 1);
        jobs.set(session.job, { parameters: new Map(), states: ['SUSPENDED'] });
        return `200 New job created: jobid: ${session.job} groupid: ${session.job}.`;
      }
      case 'JPARM': {
        if (!job) return '504 No current job';
        if (name !== '') {
          job.parameters.set(name, rest.join(' '));
          return `213 ${name} set.`;
        }
        const state = job.states.length > 1 ? job.states.shift() : job.states[0];
        const tag = (job.parameters.get('JOBINFO') ?? '').replaceAll('"', '');
        const lines = [`STATE: ${state}`, `STATUSCODE: ${outcome.code ?? '000'}`, `STATUS: ${outcome.status ?? ''}`];
        return [
          '217-Job state:',
          ...[...lines, `JOBINFO: ${tag}`, 'NPAGES: 2'].map((each) => `    ${each}`),
          '217 End.',
        ].join('\r\n');
      }
      case 'JSUBM':
        if (job) job.states = [...outcome.states];
        return `200 Job ${session.job} submitted.`;
      case 'JOB':
        if (!jobs.has(name)) return `500 Cannot set job ${name}; job does not exist.`;
        session.job = name;
        return '200 Current job.';
      case 'JKILL':
      case 'JDELE':
        return jobs.delete(name) ? '200 Done.' : '500 No such job.';
      default:
        return '200 OK.';
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.setEncoding('utf8');
    const session: Session = { job: '' };
    void (async () => {
      socket.write('220-Some words\r\n220 fake server (HylaFAX) ready.\r\n');
      let text = '';
      for await (const chunk of socket) {
        text += String(chunk);
        for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
          const line = text.slice(0, end);
          text = text.slice(end + 2);
          commands.push(line);
          if (fake.dieAt !== '' && line.startsWith(fake.dieAt)) {
            socket.destroy();
            return;
          }
          socket.write(`${await answer(socket, line, session)}\r\n`);
        }
      }
    })().catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...fake,
    fake,
    port: portOf(server),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

const fax = (noted = '', attempt = 1): Outgoing => ({
  id: 42,
  key: '42-job1',
  attempt,
  number: '00441234567',
  contact: '',
  csid: '+44 "1"\r\nJSUBM',
  subject: '',
  owner: 'ann',
  submittedAt: 0,
  image: {
    bytes: async function* () {
      yield image;
    },
    size: image.length,
    pages: 2,
    pageSize: 'Letter',
    resolution: 'Standard',
  },
  noted,
});

const line = () => {
  const told: string[] = [];
  const hears: Line = {
    note: async (what) => void told.push(what),
    onLine: async (isOn) => void told.push(isOn ? 'on' : 'off'),
  };
  return { ...hears, told };
};

let server: Awaited<ReturnType<typeof fakeHylafax>>;
const transport = (more: object = {}) =>
  hylafaxTransport(
    {
      ...{ host: '127.0.0.1', port: server.port, user: 'longshore', password: 'secret', timeout: 5000 },
      ...{ modem: 'any', prefix: '9,', international: '011', poll: 1 },
      ...more,
    },
    systemClock,
  );

beforeEach(async () => {
  server = await fakeHylafax({ states: ['PENDING', 'ACTIVE', 'ACTIVE', 'DONE'] });
});
afterEach(() => server.close());

test('a fax is stored, made a job with one call and no retries of its own, and followed to its end', async () => {
  server.fake.wantsPassword = true;
  const hears = line();
  expect(await transport().send(fax(), hears, never)).toMatchObject({ status: 0, pagesSent: 2 });
  expect(hears.told).toEqual(['1?', '1', 'on']);
  expect(server.files.get('/tmp/doc1.tif')).toEqual(image);
  expect(Object.fromEntries(server.jobs.get('1')?.parameters ?? [])).toMatchObject({
    DIALSTRING: '"9,011441234567"',
    JOBINFO: '"42-job1-1"',
    MAXDIALS: '1',
    MAXTRIES: '1',
    VRES: '98',
    PAGEWIDTH: '215',
    PAGELENGTH: '279',
    TSI: '"+44 1JSUBM"',
    DOCUMENT: '/tmp/doc1.tif',
  });
  expect(server.commands.filter((each) => each === 'JSUBM')).toHaveLength(1);
});

test('a failed job says why', async () => {
  await server.close();
  server = await fakeHylafax({
    states: ['ACTIVE', 'FAILED'],
    code: '333',
    status: 'Busy signal detected; too many attempts to dial',
  });
  expect(await transport().send(fax(), line(), never)).toMatchObject({ status: 263 });
});

test('what was submitted is followed, and not submitted again', async () => {
  await transport().send(fax(), line(), never);
  expect(await transport().send(fax('1'), line(), never)).toMatchObject({ status: 0 });
  // The process died between the submission and the note of it: the tag tells.
  expect(await transport().send(fax('1?'), line(), never)).toMatchObject({ status: 0 });
  expect(server.commands.filter((each) => each === 'JSUBM')).toHaveLength(1);
});

test('what was made and not submitted is submitted, and a job of somebody else is not taken for ours', async () => {
  server.jobs.set('1', { parameters: new Map([['JOBINFO', '"another"']]), states: ['DONE'] });
  const hears = line();
  expect(await transport().send(fax('1?'), hears, never)).toMatchObject({ status: 0 });
  expect(hears.told).toEqual(['2?', '2', 'on']);
  expect(await transport().send(fax('77?'), line(), never)).toMatchObject({ status: 0 });
  expect(server.commands.filter((each) => each === 'JSUBM')).toHaveLength(2);
});

test('a job that HylaFAX has forgotten may have been sent: it fails, and is not sent twice', async () => {
  expect(await transport().send(fax('55'), line(), never)).toMatchObject({ status: 1 });
  expect(server.commands.filter((each) => each === 'JSUBM')).toHaveLength(0);
});

test('no server, a no, and a broken connection are reasons to try again later', async () => {
  const dead = transport({ port: 1 });
  await expect(dead.send(fax(), line(), never)).rejects.toThrow(Unreachable);
  server.fake.wantsPassword = true;
  await expect(transport({ password: 'wrong' }).send(fax(), line(), never)).rejects.toThrow(Unreachable);
  server.fake.wantsPassword = false;
  for (const command of ['USER', 'STOT', 'JPARM', 'JSUBM']) {
    server.fake.dieAt = command;
    await expect(transport().send(fax(), line(), never)).rejects.toThrow(Unreachable);
  }
});

test('it stops when it is told to, and takes back what it is told to', async () => {
  await server.close();
  server = await fakeHylafax({ states: ['PENDING'] });
  const stop = new AbortController();
  const hears = line();
  const sending = transport().send(
    fax(),
    {
      ...hears,
      note: async (what) => {
        await hears.note(what);
        if (!what.endsWith('?')) stop.abort(new Error('cancelled'));
      },
    },
    stop.signal,
  );
  await expect(sending).rejects.toThrow('cancelled');
  await transport().withdraw('1');
  expect(server.jobs.size).toBe(0);
  await transport().withdraw('1');
});

test('a text of the protocol ends no line', () => {
  expect(quoted('a "b" \\ c\r\nJSUBM\0')).toBe('"a b  cJSUBM"');
});

test('what HylaFAX says of a failure, in the vendor’s codes', () => {
  expect(statusOf(1, '')).toBe(263);
  expect(statusOf(3, '')).toBe(3935);
  expect(statusOf(333, 'No answer from remote; too many attempts to dial')).toBe(3935);
  expect(statusOf(333, 'No carrier detected; too many attempts to dial')).toBe(3224);
  expect(statusOf(150, 'COMREC error')).toBe(3223);
  expect(statusOf(999, 'what?')).toBe(2);
});

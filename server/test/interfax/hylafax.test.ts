import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hylafaxTransport } from '../../src/dialects/interfax/transports/hylafax/transport.js';
import type { Line, Outgoing } from '../../src/dialects/interfax/transports/transport.js';
import { systemClock } from '../../src/kit/clock.js';
import { describeWith, lacking } from '../clients/needs.js';
import { type FaxLine, startFaxLine } from './fax-line.js';
import { readPage, render } from './rendered.js';

const programs =
  'test "$(id -u)" = 0 && command -v faxq && command -v hfaxd && command -v faxgetty && command -v iaxmodem';
const missing = lacking(
  'sh',
  ['-c', `PATH=$PATH:/usr/sbin; ${programs} && test -d /var/spool/hylafax -a -d /etc/iaxmodem`],
  'root, hylafax-server, hylafax-client and iaxmodem',
);

const never = new AbortController().signal;

describeWith('HylaFAX over a line of software modems', missing, () => {
  let faxLine: FaxLine;
  beforeAll(async () => {
    faxLine = await startFaxLine();
  });
  afterAll(() => faxLine?.close());

  const transport = (modem: string) =>
    hylafaxTransport(
      {
        ...{ host: '127.0.0.1', port: faxLine.port, user: 'longshore', password: '', timeout: 10_000 },
        ...{ modem, prefix: '', international: '00', poll: 500 },
      },
      systemClock,
    );

  const faxOf = (key: string, bytes: Buffer, pages: number, resolution: 'Fine' | 'Standard'): Outgoing => ({
    ...{ id: 1, key, attempt: 1, number: '0015551234', contact: '', csid: 'Longshore', subject: '', owner: 'ann' },
    submittedAt: 0,
    image: {
      bytes: async function* () {
        yield bytes;
      },
      size: bytes.length,
      ...{ pages, resolution, pageSize: 'A4' },
    },
    noted: '',
  });

  const line = () => {
    const told: string[] = [];
    const hears: Line = {
      note: async (what) => void told.push(what.replace(/\d+/, 'job')),
      onLine: async (isOn) => void told.push(isOn ? 'on' : 'off'),
    };
    return { ...hears, told };
  };

  it.each(['Fine', 'Standard'] as const)('a fax is sent, and received pixel by pixel (%s)', async (resolution) => {
    const before = (await faxLine.received()).length;
    await render(
      [{ type: 'txt', bytes: 'The first page\fThe second page' }],
      async ({ path, pages }) => {
        const hears = line();
        const sent = faxOf(`sent-${resolution}`, await readFile(path), pages, resolution);
        expect(await transport(faxLine.modem).send(sent, hears, never)).toMatchObject({ status: 0, pagesSent: 2 });
        expect(hears.told).toEqual(['job?', 'job', 'on']);
        const [received, more] = (await faxLine.received()).slice(before);
        expect(more).toBeUndefined();
        for (const page of [0, 1]) {
          const [ours, theirs] = [await readPage(path, page), await readPage(received ?? '', page)];
          expect([theirs.width, theirs.height]).toEqual([ours.width, ours.height]);
          expect(theirs.data.equals(ours.data)).toBe(true);
        }
      },
      { settings: { resolution } },
    );
  });

  it('busy numbers and those where nobody answers come back as failures', async () => {
    await render([{ type: 'txt', bytes: 'nobody reads it' }], async ({ path, pages }) => {
      const fax = faxOf('busy', await readFile(path), pages, 'Fine');
      expect(await transport(faxLine.lonely).send(fax, line(), never)).toMatchObject({ status: 263, pagesSent: 0 });
      const silent = { ...fax, key: 'silent', number: '0015551232' };
      expect(await transport(faxLine.lonely).send(silent, line(), never)).toMatchObject({ status: 3935, pagesSent: 0 });
    });
  });

  it('a fax that waits for the line is taken back', async () => {
    await render([{ type: 'txt', bytes: 'nobody reads it' }], async ({ path, pages }) => {
      const bytes = await readFile(path);
      const first = transport(faxLine.lonely).send(faxOf('first', bytes, pages, 'Fine'), line(), never);
      const stop = new AbortController();
      let noted = '';
      const waiting: Line = {
        onLine: async () => expect.fail('it is not to be dialled'),
        note: async (what) => {
          noted = what;
          if (!what.endsWith('?')) stop.abort(new Error('cancelled'));
        },
      };
      const second = transport(faxLine.lonely).send(faxOf('second', bytes, pages, 'Fine'), waiting, stop.signal);
      await expect(second).rejects.toThrow('cancelled');
      await transport(faxLine.lonely).withdraw(noted);
      expect(await first).toMatchObject({ status: 263 });
      // HylaFAX remembers that it was removed.
      const again = { ...faxOf('second', bytes, pages, 'Fine'), noted };
      expect(await transport(faxLine.lonely).send(again, line(), never)).toMatchObject({ status: 403 });
    });
  });
});

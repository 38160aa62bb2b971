import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Server } from '../memory-server.js';
import { serveInfoRouter } from './calls.js';
import { openDesk, ticketOf, versions } from './desk.js';
import { type Row, rows } from './operations.js';
import { everyTransport, type Parameters, responseOf, type TransportName, transports } from './transports.js';

// Every operation of specs/inforouter.md §4, in every transport of §2, on one server.

let server: Server;
let endpoint: string;
let count = 0;

beforeAll(async () => {
  server = await serveInfoRouter({ trustedUser: 'bob' });
  endpoint = `${server.url}/srv.asmx`;
});
afterAll(() => server.close());

const newDesk = () => {
  count += 1;
  return openDesk(endpoint, `desk ${count}`);
};

/** What may be changed about how an operation is called. */
interface Manner {
  readonly endpoint: (usual: string) => string;
  readonly operation: (name: string) => string;
  readonly parameters: (given: Parameters) => Parameters;
}

const usual: Manner = {
  endpoint: (address) => address,
  operation: (name) => name,
  parameters: (given) => given,
};

const prove = async (name: string, row: Row, transport: TransportName, manner = usual): Promise<void> => {
  const desk = await newDesk();
  const given = await row.given(desk);
  const response = await responseOf(transport, {
    endpoint: manner.endpoint(endpoint),
    operation: name,
    spelling: manner.operation(name),
    parameters: manner.parameters(row.open ? given : { AuthenticationTicket: desk.ticket, ...given }),
  });
  expect(response.attributes).toEqual({ success: 'true', ...row.answers });
  expect(Object.keys(response.attributes)[0]).toBe('success');
  row.holds?.(response, desk);
};

const named = (change: (name: string) => string) => (given: Parameters) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [change(name), value]));
const lowered = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

describe.each(Object.entries(rows))('%s', (name, row) => {
  test.each(everyTransport)('%s', (transport) => prove(name, row, transport));

  test.each(everyTransport)('names as the documentation has them, below a virtual directory: %s', (transport) =>
    prove(name, row, transport, {
      ...usual,
      endpoint: () => `${server.url}/infoRouter/srv.asmx`,
      parameters: named(lowered),
    }),
  );

  test.each(everyTransport)('names in other letters, in another order, with more that nobody knows: %s', (transport) =>
    prove(name, row, transport, {
      endpoint: () => `${server.url}/A/INFOROUTER/SRV.ASMX`,
      operation: (operation) => operation.toUpperCase(),
      parameters: (given) => {
        const odd = Object.entries({ ...given, Unknown: 'x' }).reverse();
        return Object.fromEntries(odd.map(([key, value]) => [key.toUpperCase(), value]));
      },
    }),
  );
});

describe('without a ticket', () => {
  const wanting = Object.entries(rows).filter(([, { open }]) => !open);

  test.each(wanting)('%s says no', async (operation, row) => {
    const desk = await newDesk();
    const given = await row.given(desk);
    for (const ticket of [{}, { AuthenticationTicket: '' }, { AuthenticationTicket: desk.ticket.replace(/^./, 'g') }]) {
      const { attributes } = await responseOf('POST', { endpoint, operation, parameters: { ...ticket, ...given } });
      const { success, errorCode, errorcode, error } = attributes;
      expect({ success, errorCode, errorcode, error }).toEqual({
        success: 'false',
        errorCode: '4010',
        errorcode: '4010',
        error: expect.stringMatching(/^\[901\]/),
      });
    }
  });
});

describe('operations that answer bytes', () => {
  const cases = [
    ['DownloadDocument', {}, versions[0]],
    ['DownloadDocumentVersion', { VersionNumber: 1_000_001 }, versions[1]],
    ['DownloadDocumentVersion', { VersionNumber: 1 }, versions[0]],
  ] as const;

  const send = async (operation: string, transport: TransportName, parameters: Parameters) =>
    transports[transport].send({
      endpoint,
      operation,
      parameters: { AuthenticationTicket: await ticketOf(endpoint, 'alice'), ...parameters },
    });

  describe.each(everyTransport)('%s', (transport) => {
    const { isSoap, readResult } = transports[transport];

    test.each(cases)('%s %o', async (operation, more, { bytes }) => {
      const Path = await (await newDesk()).document();
      const reply = await send(operation, transport, { Path, ...more });
      expect(reply.status).toBe(200);
      if (isSoap) {
        expect(readResult(await reply.text(), operation).text).toBe(bytes.toString('base64'));
        return;
      }
      expect(reply.headers.get('content-type')).toBe('application/octet-stream');
      expect(Buffer.from(await reply.arrayBuffer()).equals(bytes)).toBe(true);
    });

    test.each(['DownloadDocument', 'DownloadDocumentVersion'])('%s of nothing', async (operation) => {
      const reply = await send(operation, transport, { Path: '/Documents/none.txt', VersionNumber: 1_000_000 });
      if (isSoap) {
        expect(reply.status).toBe(200);
        expect(readResult(await reply.text(), operation)).toMatchObject({ text: '', children: [] });
        return;
      }
      expect({ status: reply.status, body: await reply.text() }).toEqual({ status: 404, body: '' });
      expect(reply.headers.get('x-inforouter-errorcode')).toBe('4041');
      expect(reply.headers.get('x-inforouter-error')).toBe('Document not found.');
    });
  });

  test('say no with the status, where there is no ticket', async () => {
    const query = new URLSearchParams({ Path: '/Documents/none.txt' });
    const reply = await fetch(`${endpoint}/DownloadDocument?${query}`);
    expect({ status: reply.status, body: await reply.text() }).toEqual({ status: 401, body: '' });
    expect(reply.headers.get('x-inforouter-errorcode')).toBe('4010');
    expect(reply.headers.get('x-inforouter-error')).toMatch(/^\[901\]/);
  });

  test('by plain HTTP, in the form that is asked for', async () => {
    const desk = await newDesk();
    const Path = await desk.document();
    const [{ bytes }] = versions;
    const ask = async (accept: string) => {
      const query = new URLSearchParams({ AuthenticationTicket: desk.ticket, Path });
      const reply = await fetch(`${endpoint}/DownloadDocument?${query}`, { headers: { accept } });
      return { type: reply.headers.get('content-type'), body: await reply.text() };
    };
    expect(await ask('*/*')).toEqual({ type: 'application/octet-stream', body: bytes.toString() });
    const { type, body } = await ask('application/json');
    expect(type).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toBe(bytes.toString('base64'));
    for (const accept of ['text/xml', 'application/xml']) {
      const xml = await ask(accept);
      expect(xml.type).toBe('text/xml; charset=utf-8');
      const element = transports.GET.readResult(xml.body, 'DownloadDocument');
      expect(element).toMatchObject({ name: 'base64Binary', namespace: 'http://tempuri.org/' });
      expect(element.text).toBe(bytes.toString('base64'));
    }
  });
});

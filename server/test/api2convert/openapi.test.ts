import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shape } from '../../src/dialects/api2convert/openapi/shapes.js';
import { chunkOf, type Desk, openDesk, type Told } from './desk.js';

/** The OpenAPI document is true: every operation is in it, and real answers are as it says. */
let desk: Desk;
let document: Told['body'];

beforeAll(async () => {
  desk = await openDesk();
  document = (await desk.ask('GET', '/v2/openapi.json', undefined, null)).body;
});
afterAll(() => desk.close());

/** What is wrong with a value, by a schema of the document; a judge of the few words that it uses. */
const faults = (shape: Shape, value: unknown, path = '$'): string[] => {
  if (shape.$ref !== undefined) {
    const named: Shape | undefined = document.components.schemas[shape.$ref.split('/').at(-1) ?? ''];
    return named ? faults(named, value, path) : [`${path}: ${shape.$ref} is not there`];
  }
  if (shape.oneOf) {
    const found = shape.oneOf.map((each) => faults(each, value, path));
    return found.some((each) => each.length === 0) ? [] : (found[0] ?? []);
  }
  const type = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (shape.type !== undefined && shape.type !== type) return [`${path}: ${type}, not ${shape.type}`];
  if (shape.enum && !shape.enum.includes(String(value))) return [`${path}: ${value}`];
  if (Array.isArray(value)) return value.flatMap((each, index) => faults(shape.items ?? {}, each, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  const missing = (shape.required ?? []).filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`);
  const within = Object.entries(shape.properties ?? {}).flatMap(([name, each]) =>
    name in value ? faults(each, (value as Record<string, unknown>)[name], `${path}.${name}`) : [],
  );
  return [...missing, ...within];
};

/** What is wrong with an answer, by the document. */
const faultsOf = (method: string, path: string, told: Told): string[] => {
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (!operation) return [`${method} ${path} is not in the document`];
  const response = operation.responses[told.status] ?? (told.status >= 400 ? operation.responses.default : undefined);
  if (!response) return [`${told.status} is not in the document`];
  const shape = response.content?.['application/json']?.schema;
  if (!shape) return told.text === '' || response.content ? [] : ['has a body'];
  return faults(shape, told.body);
};

describe('the OpenAPI document', () => {
  it('is one, with what older clients look for', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.0\.\d$/),
      info: {
        title: expect.any(String),
        termsOfService: expect.any(String),
        contact: { email: expect.any(String) },
        version: '2.0.1',
      },
      servers: [{ url: `${desk.server.url}/v2` }],
    });
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
    for (const reference of new Set(references)) {
      const name = reference.split('/').at(-1) ?? '';
      expect(document.components.schemas[name], name).toBeDefined();
    }
  });

  it('has the operations of specs/api2convert.md §4 to §10', () => {
    const there = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    for (const operation of [
      'GET /jobs',
      'POST /jobs',
      'GET /jobs/{job}',
      'PATCH /jobs/{job}',
      'DELETE /jobs/{job}',
      'GET /jobs/{job}/threads',
      'GET /jobs/{job}/history',
      'POST /jobs/{job}/input',
      'PATCH /jobs/{job}/input/{file}',
      'POST /jobs/{job}/conversions',
      'GET /jobs/{job}/output',
      'DELETE /jobs/{job}/output/{file}',
      'GET /statuses',
      'GET /conversions',
      'GET /schema',
      'GET /openapi.json',
      'GET /presets',
      'POST /presets',
      'GET /contracts',
      'GET /stats/day/{date}/{filter}',
      'POST /dl/{server}/upload-file/{job}',
      'POST /dl/{server}/upload-base64/{job}',
      'GET /dl/{server}/download-file/{job}/{file}',
    ])
      expect(there).toContain(operation);
  });

  it('says of real answers what they are', async () => {
    const wrong: string[] = [];
    let asked = 0;
    const ask = async (method: string, path: string, at: string, body?: unknown, headers = {}): Promise<Told> => {
      const told = await desk.ask(method, at.startsWith('http') ? at : `/v2${at}`, body, headers);
      wrong.push(...faultsOf(method, path, told).map((fault) => `${method} ${path}: ${fault}`));
      asked += 1;
      return told;
    };
    const job = (
      await ask('POST', '/jobs', '/jobs', {
        process: false,
        conversion: [{ target: 'mirror', options: { output_filename: 'x' } }],
      })
    ).body;
    const at = `/jobs/${job.id}`;
    const [path, upload] = ['/dl/{server}/upload-file/{job}', `${job.server}/upload-file/${job.id}`];
    const bytes = Buffer.from('0123456789');
    for (const place of [
      [0, 3, 10],
      [4, 9, 10],
    ] as const) {
      const { body, headers } = chunkOf(bytes, place);
      await ask('POST', path, upload, body, headers);
    }
    await ask('GET', path, upload, undefined, { 'x-oc-upload-uuid': 'u1' });
    await ask('POST', '/dl/{server}/upload-base64/{job}', `${job.server}/upload-base64/${job.id}`, { content: 'YQ==' });
    await ask('POST', path, upload, 'no form');
    const input = (await ask('POST', '/jobs/{job}/input', `${at}/input`, { type: 'base64', source: 'YQ==' })).body;
    await ask('GET', '/jobs/{job}/input', `${at}/input`);
    await ask('GET', '/jobs/{job}/input/{file}', `${at}/input/${input.id}`);
    await ask('PATCH', '/jobs/{job}/input/{file}', `${at}/input/${input.id}`, { parameters: { a: 1 } });
    const conversion = (await ask('POST', '/jobs/{job}/conversions', `${at}/conversions`, { target: 'fail' })).body;
    await ask('GET', '/jobs/{job}/conversions', `${at}/conversions`);
    await ask('DELETE', '/jobs/{job}/conversions/{conversion}', `${at}/conversions/${conversion.id}`);
    await ask('PATCH', '/jobs/{job}', at, { process: true });
    const { output } = await desk.until(job.id, 'completed');
    await ask('GET', '/jobs/{job}', at);
    await ask('GET', '/jobs', '/jobs');
    await ask('GET', '/jobs/{job}/history', `${at}/history`);
    await ask('GET', '/jobs/{job}/threads', `${at}/threads`);
    await ask('GET', '/jobs/{job}/output', `${at}/output`);
    await ask('PATCH', '/jobs/{job}/output/{file}', `${at}/output/${output[0].id}`, { filename: 'y' });
    await ask('DELETE', '/jobs/{job}/output/{file}', `${at}/output/${output[0].id}`);
    await ask('DELETE', '/jobs/{job}', at);
    await ask('GET', '/jobs/{job}', '/jobs/nobody');
    await ask('GET', '/statuses', '/statuses');
    await ask('GET', '/conversions', '/conversions');
    await ask('GET', '/contracts', '/contracts');
    await ask('GET', '/schema', '/schema');
    const preset = (await ask('POST', '/presets', '/presets', { name: 'p', target: 'pages', options: {} })).body;
    await ask('GET', '/presets', '/presets');
    await ask('GET', '/presets/{preset}', `/presets/${preset.id}`);
    await ask('GET', '/stats/year/{date}/{filter}', '/stats/year/2026/all');
    const failing = (await ask('POST', '/jobs', '/jobs', { conversion: { target: 'fail' } })).body;
    await desk.upload(failing, 'a.txt', 'a');
    await desk.until(failing.id, 'failed');
    await ask('GET', '/jobs/{job}', `/jobs/${failing.id}`);
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(30);
  });
});

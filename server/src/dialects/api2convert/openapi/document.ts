import type { About, Operation } from '../operation.js';
import { one, type Shape, schemas } from './shapes.js';

const jsonOf = (shape: Shape): object => ({
  content: { [shape.format === 'binary' ? 'application/octet-stream' : 'application/json']: { schema: shape } },
});

/** The body of an upload: a form with the part `file`, or a raw slice. */
const uploadBody = {
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        properties: { file: { type: 'string', format: 'binary' }, decrypt_password: { type: 'string' } },
        required: ['file'],
      },
    },
    'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
  },
};

const bodyOf = (body: Shape): object => (body.format === 'binary' ? uploadBody : jsonOf(body));

const parametersOf = ({ path, query = {} }: About): object[] => [
  ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  ...Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  })),
];

const words: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Made.',
  204: 'Done, or nothing to tell.',
  206: 'A part.',
};

const security = {
  open: [],
  account: [{ apiKey: [] }],
  job: [{ apiKey: [] }, { token: [] }],
} as const;

const operationOf = (operation: Operation): object => ({
  summary: operation.summary,
  parameters: parametersOf(operation),
  ...(operation.body && { requestBody: bodyOf(operation.body) }),
  responses: {
    ...Object.fromEntries(
      Object.entries(operation.answers).map(([status, shape]) => [
        status,
        { description: words[Number(status)] ?? '', ...(shape && jsonOf(shape)) },
      ]),
    ),
    default: { description: 'What was refused, and why.', ...jsonOf(one('Error')) },
  },
  security: security[operation.access],
});

/** A path as OpenAPI writes it: `/jobs/{job}`. */
export const pathOf = ({ path }: About): string => path.replace(/:(\w+)/g, '{$1}');

/** The OpenAPI document of these operations, at a server that is reached as `origin`. */
export const documentOf = (operations: readonly Operation[], origin: string): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = pathOf(operation);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: operationOf(operation) };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Longshore, API2Convert dialect',
      description: 'Jobs that convert files.',
      // Older clients look for all of these.
      termsOfService: `${origin}/`,
      contact: { name: 'The operator of this server', email: 'postmaster@localhost' },
      version: '2.0.1',
    },
    servers: [{ url: `${origin}/v2` }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Oc-Api-Key' },
        token: { type: 'apiKey', in: 'header', name: 'X-Oc-Token' },
      },
    },
  };
};

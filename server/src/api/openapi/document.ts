import type { Operation } from '../operation.js';
import { Problem } from '../shapes/index.js';
import { type Json, referTo, schemasOf, streamEvents } from './schemas.js';

/** `/uploads/{id}`. */
const pathOf = ({ path }: Operation): string => path.replace(/:(\w+)/g, '{$1}');

/** `getUploadsById`. */
const idOf = ({ method, path }: Operation): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replace(/^:/, 'by ').replace(/(?:^|[ .-])(\w)/g, (_, first: string) => first.toUpperCase()))
    .reduce((id, part) => id + part, method.toLowerCase());

const problem = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: referTo(Problem) } },
});

const named: Readonly<Record<string, Json>> = {
  Malformed: problem('What was sent cannot be taken.'),
  Unauthenticated: problem('Nobody is logged in, or the credentials are not right.'),
  Forbidden: problem('The account may not, the X-CSRF-Token is missing, or another site’s page asks.'),
  NotFound: problem('There is no such thing, or none of the asker’s.'),
  TooLarge: problem('The body is too large.'),
  UnsupportedType: problem('The body is no JSON.'),
  Problem: problem('It was refused, or failed.'),
  Stopping: { description: 'The server is stopping; the same request will do later.', content: { 'text/plain': {} } },
};

const refer = (name: string): Json => ({ $ref: `#/components/responses/${name}` });

const whenWell = ({ answer, also = {} }: Operation): Json => {
  const content =
    typeof answer === 'string'
      ? { [answer]: answer.startsWith('text/') ? { schema: { type: 'string' } } : {} }
      : answer && { 'application/json': { schema: referTo(answer) } };
  const told = Object.entries({ [content ? 200 : 204]: 'All is well.', ...also }).map(([status, description]) => [
    status,
    content && status !== '304' ? { description, content } : { description },
  ]);
  return Object.fromEntries(told);
};

const responsesOf = (operation: Operation): Json => ({
  ...whenWell(operation),
  ...(operation.body && { 400: refer('Malformed'), 413: refer('TooLarge'), 415: refer('UnsupportedType') }),
  ...(operation.access !== 'anybody' && { 401: refer('Unauthenticated') }),
  ...((operation.access === 'admin' || operation.method !== 'GET') && { 403: refer('Forbidden') }),
  ...(operation.path.includes(':') && { 404: refer('NotFound') }),
  503: refer('Stopping'),
  default: refer('Problem'),
});

const parametersOf = ({ access, method, path, query = {} }: Operation): Json[] => [
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
  ...(access !== 'anybody' && method !== 'GET' ? [{ $ref: '#/components/parameters/Csrf' }] : []),
];

const accesses = {
  anybody: 'For anybody.',
  account: 'For whoever has an account.',
  admin: 'For administrators.',
} as const satisfies Record<Operation['access'], string>;

const described = (operation: Operation): Json => {
  const parameters = parametersOf(operation);
  return {
    operationId: idOf(operation),
    tags: [operation.tag],
    summary: operation.summary,
    description: accesses[operation.access],
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body && {
      requestBody: { required: true, content: { 'application/json': { schema: referTo(operation.body) } } },
    }),
    responses: responsesOf(operation),
    ...(operation.access === 'anybody' && { security: [] }),
    ...(operation.answer === 'text/event-stream' && { 'x-events': streamEvents() }),
  };
};

const pathsOf = (operations: readonly Operation[]): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const each of operations) {
    const methods = paths[pathOf(each)] ?? {};
    methods[each.method.toLowerCase()] = described(each);
    paths[pathOf(each)] = methods;
  }
  return paths;
};

/** What OpenAPI (3.1) says of these operations, but for where the server is. */
export const documentOf = (
  operations: readonly Operation[],
  { name, version }: { name: string; version: string },
): Json => ({
  openapi: '3.1.0',
  info: {
    title: `${name} API`,
    version,
    description:
      'Whoever asks says who they are by a bearer token (an API key), by name and password, or by the cookie that a login sets. With ' +
      'the cookie, everything but GET wants the session’s `csrf` as `X-CSRF-Token`. Pages of other sites may change nothing. GET paths take HEAD as well.',
  },
  tags: [...new Set(operations.map(({ tag }) => tag))].map((tag) => ({ name: tag })),
  security: [{ bearer: [] }, { basic: [] }, { session: [] }],
  paths: pathsOf(operations),
  components: {
    schemas: schemasOf(),
    responses: named,
    parameters: {
      Csrf: {
        name: 'X-CSRF-Token',
        in: 'header',
        description: 'The session’s `csrf`, where the cookie says who asks.',
        schema: { type: 'string' },
      },
    },
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or the key of a session.' },
      basic: { type: 'http', scheme: 'basic', description: 'Name and password; or any name and an API key.' },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'longshore-session',
        description: 'Over HTTPS its name begins with `__Secure-`.',
      },
    },
  },
});

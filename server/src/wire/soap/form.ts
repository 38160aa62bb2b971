import type { Exchange, Reply } from '../../http/exchange.js';
import type { FormField } from '../fields/field.js';
import { formFields, queryFields } from '../fields/form.js';
import { element, type XmlOutElement, xmlBody, xmlDeclaration } from '../xml/writer.js';
import { isSingle } from './answer.js';
import { type Begun, beginCall, defaultLimits, type Found, operationIndex } from './calls.js';
import { answerTo, asked } from './failures.js';
import { SoapFailure, SoapFault } from './fault.js';
import { readForm } from './form-arguments.js';
import { boundedBody } from './message.js';
import { nameOf } from './objects.js';
import type { Call, Operation } from './operation.js';
import { scope } from './scope.js';
import type { ServiceSpec } from './service.js';
import type { AnyType } from './types.js';

const noFields = async function* (): AsyncGenerator<FormField, void, undefined> {
  // Nothing to give.
};

const isElement = (value: unknown): value is XmlOutElement =>
  typeof value === 'object' && value !== null && 'name' in value && 'children' in value;

/** A result as a document: its own element where it is one, else one named after its type. */
const resultDocument = (type: AnyType, value: unknown, { reply }: Call): XmlOutElement => {
  const { service, data } = reply;
  if (value === undefined) return element(nameOf(type), { xmlns: service });
  if (type.shape.kind === 'any' && isElement(value)) return value;
  const inside = scope({ xsi: 'xsi', data, qualified: true }, new Map([[service, '']]));
  const written = type.write(nameOf(type), value, inside);
  return { ...written, attributes: { xmlns: service, ...written.attributes } };
};

const resultReply = ({ operation, call }: Begun<never>, value: unknown, declaration: string): Reply => {
  const own = operation.httpReply(value, call);
  if (own) return own;
  const { http } = call.reply;
  if (!isSingle(operation.result)) return { status: 200, headers: http };
  const body = xmlBody(declaration, resultDocument(operation.result, value, call));
  return { status: 200, headers: { ...http, 'content-type': 'text/xml; charset=utf-8' }, body };
};

const faultReply = ({ status, reason }: SoapFault): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: reason,
});

/**
 * Makes the function that answers the plain HTTP bindings: parameters in the query, or in an urlencoded or multipart body.
 * Only operations are offered whose `http` says so.
 */
export const formDispatcher = <Context>(
  spec: ServiceSpec<Context>,
): ((exchange: Exchange, operation: string) => Promise<Reply>) => {
  const limits = { ...defaultLimits, ...spec.limits };
  const find = operationIndex(spec);
  const declaration = spec.strict ? `${xmlDeclaration}\r\n` : xmlDeclaration;

  /** Throws in the words of ASP.NET. */
  const offered = (exchange: Exchange, name: string): Found<Context> => {
    const found = find(name);
    if (!found) throw new SoapFailure('unknown-form', `${name.slice(0, 200)} Web Service method name is not valid.`);
    const { result, http } = found.operation;
    if (http.includes(exchange.method === 'GET' ? 'GET' : 'POST') && (result === undefined || isSingle(result)))
      return found;
    const what = `Request format is unrecognized for URL unexpectedly ending in '/${name}'.`;
    throw new SoapFailure('unknown-form', what);
  };

  const open = (exchange: Exchange): AsyncIterable<FormField> => {
    if (exchange.method === 'GET') return queryFields(exchange.target);
    const type = exchange.headers['content-type'];
    if (type === undefined && exchange.length === 0) return noFields();
    const fields = formFields(type, boundedBody(exchange, limits.message));
    if (fields) return fields;
    throw new SoapFailure('unsupported-media', `The content type ${JSON.stringify(type ?? '')} is not that of a form.`);
  };

  const run = async (operation: Operation<Context>, context: Context, fields: AsyncIterable<FormField>) => {
    const args = await readForm(fields[Symbol.asyncIterator](), {
      params: operation.params,
      reading: { ignoreCase: spec.ignoreCase ?? false },
      limit: limits.parameter,
      base64: { padding: spec.padding },
      complete: spec.wholeForms ?? false,
      receive: (sofar, source, param) => asked(() => operation.receive(sofar, context, source, param)),
    });
    return asked(() => operation.run(args, context));
  };

  const answer = async (exchange: Exchange, wanted: string, progress: { begun?: Begun<Context> }) => {
    const found = offered(exchange, wanted);
    const { call } = beginCall(spec, {
      exchange,
      operation: found.name,
      version: '1.1',
      form: true,
      headers: [],
      namespace: spec.namespace,
    });
    const begun = { ...found, call };
    progress.begun = begun;
    const fields = open(exchange);
    const context = await asked(() => spec.context(call));
    try {
      return resultReply(begun, await run(found.operation, context, fields), declaration);
    } finally {
      await asked(() => spec.release?.(context));
    }
  };

  return async (exchange, operation) => {
    const progress: { begun?: Begun<Context> } = {};
    try {
      return await answer(exchange, operation, progress);
    } catch (error) {
      const wished = answerTo(error, spec, exchange, progress.begun);
      if ('result' in wished) return resultReply(wished.begun, wished.result, declaration);
      return wished instanceof SoapFault ? faultReply(wished) : wished;
    }
  };
};

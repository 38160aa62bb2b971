import type { Exchange, Reply } from '../../http/exchange.js';
import type { FormField } from '../fields/field.js';
import { formFields, queryFields } from '../fields/form.js';
import { element, type XmlOut, type XmlOutElement, xmlBody, xmlDeclaration } from '../xml/writer.js';
import { isSingle } from './answer.js';
import { beginCall, defaultLimits, finder } from './calls.js';
import { asked, plainAnswer, toFailure } from './failures.js';
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

/** A result as a document: its own element where it is one, else one named after its type. */
const resultDocument = (type: AnyType, value: unknown, call: Call): XmlOutElement => {
  const { service, data } = call.reply;
  const inside = scope({ xsi: 'xsi', data, qualified: true }, new Map([[service, '']]));
  if (value === undefined) return element(nameOf(type), { xmlns: service });
  const written = type.write(nameOf(type), value, inside);
  const [own] = written.children;
  if (type.shape.kind === 'any' && isElement(own)) return own;
  return { ...written, attributes: { xmlns: service, ...written.attributes } };
};

const isElement = (node: XmlOut | undefined): node is XmlOutElement =>
  node !== undefined && typeof node !== 'string' && 'name' in node;

const plainText = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: text,
});

/**
 * Makes the function that answers the plain HTTP bindings: parameters in the query, or in an urlencoded or multipart body.
 * Only operations are offered whose `http` says so.
 */
export const formDispatcher = <Context>(
  spec: ServiceSpec<Context>,
): ((exchange: Exchange, operation: string) => Promise<Reply>) => {
  const limits = { ...defaultLimits, ...spec.limits };
  const find = finder(spec);

  const offered = (exchange: Exchange, name: string) => {
    const found = find(undefined, name);
    const method = exchange.method === 'GET' ? 'GET' : 'POST';
    const { result, http } = found.operation;
    if (!http.includes(method) || (result !== undefined && !isSingle(result)))
      throw new SoapFailure('unknown-operation', `${name} is not offered by ${method}.`);
    return found;
  };

  const open = (exchange: Exchange): AsyncIterable<FormField> => {
    if (exchange.method === 'GET') return queryFields(exchange.target);
    const type = exchange.headers['content-type'];
    if (type === undefined && (exchange.length ?? 0) === 0) return noFields();
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

  const answer = async (exchange: Exchange, wanted: string, known: { call?: Call }) => {
    const { name, operation } = offered(exchange, wanted);
    const fields = open(exchange);
    const { call } = beginCall(spec, {
      exchange,
      operation: name,
      version: '1.1',
      headers: [],
      namespace: spec.namespace,
    });
    known.call = call;
    const context = await asked(() => spec.context(call));
    try {
      const value = await run(operation, context, fields);
      const { http } = call.reply;
      if (!isSingle(operation.result)) return { status: 200, headers: http };
      const body = xmlBody(xmlDeclaration, resultDocument(operation.result, value, call));
      return { status: 200, headers: { ...http, 'content-type': 'text/xml; charset=utf-8' }, body };
    } finally {
      await asked(() => spec.release?.(context));
    }
  };

  return async (exchange, operation) => {
    const known: { call?: Call } = {};
    try {
      return await answer(exchange, operation, known);
    } catch (error) {
      const failure = toFailure(error);
      const wished = spec.failed?.(failure, exchange, known.call) ?? plainAnswer(failure);
      return wished instanceof SoapFault ? plainText(wished.status, wished.reason) : wished;
    }
  };
};

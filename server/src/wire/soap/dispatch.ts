import { BodyCut, type Exchange, type Reply } from '../../http/exchange.js';
import { BadBase64 } from '../base64/decode.js';
import { MimeError } from '../mtom/errors.js';
import { utf8 } from '../xml/encoding.js';
import { XmlError } from '../xml/errors.js';
import { defaultXmlLimits, xmlReader } from '../xml/reader.js';
import type { XmlElement } from '../xml/tree.js';
import { type Answering, answerElement, envelopeReply, faultElement } from './answer.js';
import { readArguments } from './arguments.js';
import { enterBody, enterEnvelope, leaveEnvelope, mustUnderstand, type Open } from './envelope.js';
import { type FaultCode, SoapFailure, SoapFault } from './fault.js';
import { type Message, openMessage } from './message.js';
import type { Call, Operation } from './operation.js';
import type { ServiceSpec, SoapLimits } from './service.js';
import { BadValue } from './types.js';

export const defaultLimits: SoapLimits = {
  parameter: 2 ** 20,
  markup: defaultXmlLimits.markup,
  message: 64 * 2 ** 20,
  depth: defaultXmlLimits.depth,
  attributes: defaultXmlLimits.attributes,
};

/** The action of an operation, as the service says or by the common habit. */
export const actionOf = (spec: Pick<ServiceSpec<never>, 'namespace' | 'action'>, operation: string): string =>
  spec.action?.(operation) ?? `${spec.namespace.replace(/\/$/, '')}/${operation}`;

/** Finds operations by action and by element. */
const finder = <Context>(spec: ServiceSpec<Context>) => {
  const key = (name: string) => (spec.ignoreCase ? name.toLowerCase() : name);
  const names = Object.keys(spec.operations);
  const byAction = new Map(names.map((name) => [key(actionOf(spec, name)), name]));
  const byElement = new Map(names.map((name) => [key(name), name]));
  return (action: string | undefined, element: string): { name: string; operation: Operation<Context> } => {
    const acted = spec.dispatch === 'action' && action !== undefined ? byAction.get(key(action)) : undefined;
    const name = acted ?? byElement.get(key(element)) ?? '';
    const operation = spec.operations[name];
    if (name !== '' && operation !== undefined) return { name, operation };
    const what = spec.dispatch === 'action' && action !== undefined ? `action ${action}` : `element ${element}`;
    throw new SoapFailure('unknown-operation', `There is no operation for the ${what.slice(0, 200)}.`);
  };
};

const toFailure = (error: unknown): SoapFailure => {
  if (error instanceof SoapFailure) return error;
  if (error instanceof XmlError) {
    const kind = { malformed: 'malformed-xml', 'too-large': 'too-large', encoding: 'unsupported-media' } as const;
    return new SoapFailure(kind[error.kind], `The message ${error.message}`, { cause: error });
  }
  if (error instanceof BadBase64)
    return new SoapFailure('malformed-xml', `The base64 ${error.message}.`, { cause: error });
  if (error instanceof MimeError)
    return new SoapFailure('malformed-xml', `In the MIME body ${error.message}.`, { cause: error });
  if (error instanceof BadValue) return new SoapFailure('bad-argument', `${error.message}.`, { cause: error });
  if (error instanceof BodyCut) return new SoapFailure('cut', 'The message is not whole.', { cause: error });
  return new SoapFailure('refused', 'The call was not done.', { cause: error });
};

const plainly: Readonly<
  Record<Exclude<SoapFailure['kind'], 'unsupported-media' | 'refused'>, readonly [FaultCode, number]>
> = {
  'malformed-xml': ['Client', 400],
  'not-soap': ['Client', 400],
  'version-mismatch': ['VersionMismatch', 500],
  'must-understand': ['MustUnderstand', 500],
  'unknown-operation': ['Client', 500],
  'bad-argument': ['Client', 500],
  'too-large': ['Client', 413],
  cut: ['Client', 400],
};

/** What is answered where the dialect has no wish of its own. */
const plainAnswer = (failure: SoapFailure): SoapFault | Reply => {
  if (failure.kind === 'unsupported-media') return { status: 415 };
  if (failure.kind === 'refused')
    return failure.cause instanceof SoapFault
      ? failure.cause
      : new SoapFault({ code: 'Server', reason: 'The server could not do what was asked.' });
  const [code, status] = plainly[failure.kind];
  return new SoapFault({ code, reason: failure.message, status });
};

/** Runs the dialect's own code, whose errors are refusals. */
const asked = async <T>(ask: () => T | Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof SoapFailure ? error : new SoapFailure('refused', 'The call was not done.', { cause: error });
  }
};

/** One call on its way: what is known of it, to be answered from at any time. */
interface Progress {
  version: '1.1' | '1.2';
  multipart: boolean;
  call: Call | undefined;
}

/** Makes the function that answers a service's calls. */
export const dispatcher = <Context>(spec: ServiceSpec<Context>): ((exchange: Exchange) => Promise<Reply>) => {
  const limits = { ...defaultLimits, ...spec.limits };
  const find = finder(spec);
  const data = spec.dataNamespace ?? spec.namespace;

  const answering = ({ version, multipart, call }: Progress): Answering => ({
    flavour: spec,
    version,
    multipart,
    service: call?.reply.service ?? spec.namespace,
    data: call?.reply.data ?? data,
    headers: call?.reply.headers ?? [],
    http: call?.reply.http ?? {},
  });

  const begin = (
    exchange: Exchange,
    operation: string,
    version: '1.1' | '1.2',
    headers: readonly XmlElement[],
    wrapper: Open,
  ) => {
    const seen: { service: string; data: string | undefined } = { service: wrapper.namespace, data: undefined };
    const service = spec.mirror && wrapper.namespace !== '' ? wrapper.namespace : spec.namespace;
    const reply: Call['reply'] = { service, data, headers: [], http: {} };
    const call: Call = { exchange, operation, version, headers, seen, reply };
    /** The first child of the first object tells the namespace of the data. */
    const look = (element: XmlElement) => {
      const first = element.children[0];
      if (!first || first.namespace === '' || seen.data !== undefined) return;
      seen.data = first.namespace;
      if (spec.mirror) reply.data = first.namespace;
    };
    return { call, look };
  };

  const answer = async (exchange: Exchange, message: Message, progress: Progress): Promise<Reply> => {
    const reader = xmlReader(utf8(message.envelope, message.charset), { ...defaultXmlLimits, ...limits });
    progress.version = await enterEnvelope(reader);
    const { headers, wrapper } = await enterBody(reader, limits.parameter);
    for (const header of headers)
      if (mustUnderstand(header) && spec.understands?.(header) === false)
        throw new SoapFailure('must-understand', `The header ${header.local} is not understood.`);
    const { name, operation } = find(message.action, wrapper.local);
    const { call, look } = begin(exchange, name, progress.version, headers, wrapper);
    progress.call = call;
    const context = await asked(() => spec.context(call));
    try {
      const complete = await readArguments(reader, wrapper, message, {
        params: operation.params,
        flat: operation.flat,
        reading: { ignoreCase: spec.ignoreCase ?? false },
        limit: limits.parameter,
        base64: { padding: spec.padding },
        receive: (sofar, source, param) => asked(() => operation.receive(sofar, context, source, param)),
        seen: look,
      });
      await leaveEnvelope(reader);
      const args = await complete();
      const value = await asked(() => operation.run(args, context));
      const reply = answering(progress);
      return envelopeReply(200, answerElement(name, operation, value, reply), reply);
    } finally {
      await asked(() => spec.release?.(context));
    }
  };

  return async (exchange) => {
    const progress: Progress = { version: '1.1', multipart: false, call: undefined };
    const done = new AbortController();
    try {
      const message = await openMessage(exchange, limits.message, done.signal);
      progress.version = message.version;
      progress.multipart = message.attachments !== undefined;
      return await answer(exchange, message, progress);
    } catch (error) {
      const failure = toFailure(error);
      const wished = spec.failed?.(failure, exchange, progress.call) ?? plainAnswer(failure);
      if (!(wished instanceof SoapFault)) return wished;
      const reply = answering(progress);
      return envelopeReply(wished.status, faultElement(wished, reply), reply);
    } finally {
      done.abort();
    }
  };
};

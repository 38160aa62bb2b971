import type { Exchange, Reply } from '../../http/exchange.js';
import { utf8 } from '../xml/encoding.js';
import { defaultXmlLimits } from '../xml/parser.js';
import { xmlReader } from '../xml/reader.js';
import { type Answering, answerElement, envelopeReply, faultElement } from './answer.js';
import { readArguments } from './arguments.js';
import { type Begun, beginCall, defaultLimits, finder } from './calls.js';
import { enterBody, enterEnvelope, leaveEnvelope, mustUnderstand } from './envelope.js';
import { answerTo, asked } from './failures.js';
import { SoapFailure, SoapFault } from './fault.js';
import { type Message, openMessage } from './message.js';
import type { ServiceSpec } from './service.js';

/** One call on its way: what is known of it, to be answered from at any time. */
interface Progress<Context> {
  version: '1.1' | '1.2';
  multipart: boolean;
  begun: Begun<Context> | undefined;
}

/** Makes the function that answers a service's calls. */
export const dispatcher = <Context>(spec: ServiceSpec<Context>): ((exchange: Exchange) => Promise<Reply>) => {
  const limits = { ...defaultLimits, ...spec.limits };
  const find = finder(spec);
  const data = spec.dataNamespace ?? spec.namespace;

  const answering = ({ version, multipart, begun }: Progress<Context>): Answering => ({
    flavour: spec,
    version,
    multipart,
    service: begun?.call.reply.service ?? spec.namespace,
    data: begun?.call.reply.data ?? data,
    headers: begun?.call.reply.headers ?? [],
    http: begun?.call.reply.http ?? {},
  });

  const resultReply = ({ name, operation }: Begun<Context>, value: unknown, progress: Progress<Context>): Reply => {
    const reply = answering(progress);
    return envelopeReply(200, answerElement(name, operation, value, reply), reply);
  };

  const answer = async (exchange: Exchange, message: Message, progress: Progress<Context>): Promise<Reply> => {
    const reader = xmlReader(utf8(message.envelope, message.charset), { ...defaultXmlLimits, ...limits });
    progress.version = await enterEnvelope(reader);
    const { headers, wrapper } = await enterBody(reader, limits.parameter);
    for (const header of headers)
      if (mustUnderstand(header) && spec.understands?.(header) === false)
        throw new SoapFailure('must-understand', `The header ${header.local} is not understood.`);
    const { name, operation } = find({ action: message.action, version: message.version, element: wrapper });
    const { version } = progress;
    const { namespace } = wrapper;
    const isOwn = (element: { readonly namespace: string }) => !spec.strict || element.namespace === spec.namespace;
    const hasParameters = isOwn(wrapper) && (!spec.strict || wrapper.local === name);
    const { call, look } = beginCall(spec, { exchange, operation: name, version, form: false, headers, namespace });
    const begun = { name, operation, call };
    progress.begun = begun;
    if (operation.limit !== undefined) message.narrow(operation.limit);
    const context = await asked(() => spec.context(call));
    try {
      const complete = await readArguments(reader, wrapper, message, {
        params: operation.params,
        flat: operation.flat,
        reading: { ignoreCase: spec.ignoreCase ?? false, ...(spec.strict && { namespace: spec.namespace }) },
        limit: limits.parameter,
        base64: { padding: spec.padding },
        receive: (sofar, source, param) => asked(() => operation.receive(sofar, context, source, param)),
        isParameter: (element) => hasParameters && isOwn(element),
        seen: look,
      });
      await leaveEnvelope(reader);
      const args = await complete();
      return resultReply(begun, await asked(() => operation.run(args, context)), progress);
    } finally {
      await asked(() => spec.release?.(context));
    }
  };

  return async (exchange) => {
    const progress: Progress<Context> = { version: '1.1', multipart: false, begun: undefined };
    // Only an unpacking that goes on in the background must be told when nobody waits for it any more.
    const done = exchange.headers['content-encoding'] === undefined ? undefined : new AbortController();
    try {
      const message = await openMessage(exchange, limits.message, done?.signal);
      progress.version = message.version;
      progress.multipart = message.attachments !== undefined;
      return await answer(exchange, message, progress);
    } catch (error) {
      const wished = answerTo(error, spec, exchange, progress.begun);
      if ('result' in wished) return resultReply(wished.begun, wished.result, progress);
      if (!(wished instanceof SoapFault)) return wished;
      const reply = { ...answering(progress), ...(wished.headers && { headers: wished.headers }) };
      return envelopeReply(wished.status, faultElement(wished, reply), reply);
    } finally {
      done?.abort();
    }
  };
};

import type { Exchange, Reply } from '../../http/exchange.js';
import type { XmlElement } from '../xml/tree.js';
import type { XmlOutElement } from '../xml/writer.js';
import type { Streamed } from './bytes.js';
import type { FaultType } from './fault.js';
import type { AnyType, Members, Type, ValueOf, Values } from './types.js';

/** One call, as it is known once its header and the name of its operation have been read. */
export interface Call {
  readonly exchange: Exchange;
  /** In the table's spelling. */
  readonly operation: string;
  readonly version: '1.1' | '1.2';
  /** Did it come by the plain HTTP bindings, rather than as SOAP? */
  readonly form: boolean;
  /** The children of the envelope's Header. */
  readonly headers: readonly XmlElement[];
  /** The namespaces that the request uses: of the operation's element, and of its data (known once an object has been read). */
  readonly seen: { readonly service: string; readonly data: string | undefined };
  /** What the answer will look like; the dialect may change it until `run` has returned. */
  readonly reply: {
    /** The namespace of the operation's answer. With `mirror` the request's. */
    service: string;
    /** The namespace of data in the answer. With `mirror` the request's, if its data showed one. */
    data: string;
    /** Children of the answer's Header; without any there is no Header. */
    headers: XmlOutElement[];
    /** HTTP header fields to be added. */
    http: Record<string, string>;
  };
}

/** The arguments of `run`: streamed parameters are what `receive` made of them. */
export type Arguments<P extends Members, Received> = {
  readonly [Name in keyof Values<P>]: Values<P>[Name] extends Streamed ? Received | undefined : Values<P>[Name];
};

/** What `run` answers: the value of a single result, or one object for several outputs. */
export type Output<R extends AnyType | Members> = R extends AnyType
  ? ValueOf<R>
  : R extends Members
    ? Values<R>
    : never;

/** An operation, as the table describes it. */
export interface OperationSpec<P extends Members, R extends AnyType | Members, Context, Received> {
  /** For people, in the WSDL and on the help page: one or two sentences. */
  readonly doc: string;
  /** In wire order, in the vendor's spelling. When read the order is free. */
  readonly params: P;
  /** The type of the one result element (named by the service's habit), or several elements by name; none when left out. */
  readonly result?: R;
  /** What the operation's faults may carry in their detail. */
  readonly fault?: FaultType;
  /** With no element of this name in the call, the parameter's members are read from the operation's own element. */
  readonly flat?: keyof P & string;
  /** Most bytes that a SOAP message for it may have, unpacked; as the service's limits say when left out. */
  readonly limit?: number;
  /** Which of the plain HTTP bindings offer the operation; none when left out. */
  readonly http?: readonly ('GET' | 'POST')[];
  /** What those answer to what `run` gave; undefined leaves it to the toolkit: the result alone, as XML. */
  httpReply?(value: Output<R>, call: Call): Reply | undefined;
  /**
   * Takes the bytes of a streamed parameter while they arrive. `sofar` holds the parameters that came before it; `source`
   * is to be read to its end (what is left over is skipped), and throws when the bytes are cut or not base64.
   * A throw ends the call. `param` tells which parameter it is, should there be several.
   */
  receive?(
    sofar: Partial<Values<P>>,
    context: Context,
    source: AsyncIterable<Buffer>,
    param: string,
  ): Promise<Received>;
  /** Does the work once the whole call has been read. Throws a `SoapFault`, or anything the service can translate. */
  run(args: Arguments<P, Received>, context: Context): Promise<Output<R>>;
}

/** An operation whose types only its own code needs to know. */
export interface Operation<Context> {
  readonly doc: string;
  readonly params: Members;
  readonly result: AnyType | Members | undefined;
  readonly fault: FaultType | undefined;
  readonly flat: string | undefined;
  readonly limit: number | undefined;
  readonly http: readonly ('GET' | 'POST')[];
  httpReply(value: unknown, call: Call): Reply | undefined;
  receive(
    sofar: Readonly<Record<string, unknown>>,
    context: Context,
    source: AsyncIterable<Buffer>,
    param: string,
  ): Promise<unknown>;
  run(args: Readonly<Record<string, unknown>>, context: Context): Promise<unknown>;
}

/** Operations by name, in the order of the WSDL. */
export type Operations<Context> = Readonly<Record<string, Operation<Context>>>;

/**
 * Makes the `operation` function of a dialect, whose operations are all handed a `Context`:
 *
 *     const operation = operationsWith<Session>();
 *     export const Echo = operation({ doc: '…', params: { words: text() }, result: text(), run: async ({ words }) => words });
 */
export const operationsWith =
  <Context>() =>
  <const P extends Members, R extends AnyType | Members = Type<void>, Received = undefined>(
    spec: OperationSpec<P, R, Context, Received>,
  ): Operation<Context> => ({
    doc: spec.doc,
    params: spec.params,
    result: spec.result,
    fault: spec.fault,
    flat: spec.flat,
    limit: spec.limit,
    http: spec.http ?? [],
    httpReply: (value, call) => spec.httpReply?.(value as Output<R>, call),
    receive: async (sofar, context, source, param) => {
      if (spec.receive) return spec.receive(sofar as Partial<Values<P>>, context, source, param);
      for await (const _ of source);
      return undefined;
    },
    run: (args, context) => spec.run(args as Arguments<P, Received>, context),
  });

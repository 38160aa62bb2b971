import type { Exchange, Reply } from '../../http/exchange.js';
import type { XmlElement } from '../xml/tree.js';
import type { Instead, SoapFailure, SoapFault } from './fault.js';
import type { Call, Operations } from './operation.js';
import type { AnyType } from './types.js';

/** How a family of servers writes its answers, as far as clients depend on it. */
export interface Flavour {
  readonly style: 'document' | 'rpc';
  /** The prefix of the envelope: `soap`, `s`, `S`. */
  readonly envelope: string;
  /** Does the envelope declare `xsi` and `xsd`, whether needed or not? */
  readonly declaresSchema: boolean;
  /** The content type of SOAP 1.1, as spelt: `text/xml; charset=utf-8`. */
  readonly contentType: string;
  /** Does an answer begin with an XML declaration? */
  readonly declaration: boolean;
  /** Are the members of objects in a namespace (`elementFormDefault="qualified"`)? */
  readonly qualified: boolean;
  /** The name of the one result element. */
  resultName(operation: string): string;
  /** Is an empty detail written, when a fault has none? */
  readonly emptyDetail: boolean;
  /** The `xml:lang` of a fault's reason; SOAP 1.1 has none when it is undefined. */
  readonly language: string | undefined;
  /** May base64 end without its padding? */
  readonly padding: 'required' | 'optional';
  /** What the operation is found by: its action, else its element; or its element alone. */
  readonly dispatch: 'action' | 'element';
  /** What the WSDL's port type, bindings and ports are called, after the service. */
  names(service: string): PortNames;
  /** What the WSDL's message of a fault is called. */
  faultMessage(fault: string): string;
  /** Does the schema have an element for each complex type, nillable (a habit of WCF)? */
  readonly describesTypeElements: boolean;
  /**
   * Does the schema let whatever .NET holds by reference (text, bytes, lists, objects) be left out or nil, as WCF's own do? From others its
   * `svcutil` makes message classes in place of plain parameters.
   */
  readonly describesReferences: boolean;
  /** Does the WSDL name the action of requests and answers (WCF's `wsaw:Action`)? */
  readonly describesActions: boolean;
}

export interface PortNames {
  readonly portType: string;
  /** Binding and port of each SOAP version. */
  readonly soap11: { readonly binding: string; readonly port: string };
  readonly soap12: { readonly binding: string; readonly port: string };
}

/** Bounds of what is read, in bytes unless said otherwise. */
export interface SoapLimits {
  /** One parameter that is not streamed, with everything in it. */
  readonly parameter: number;
  /** Everything in a message but its streamed bytes. */
  readonly markup: number;
  /** The whole message, as sent and, if it was compressed, unpacked. */
  readonly message: number;
  /** Elements within elements. */
  readonly depth: number;
  /** Attributes of one element, counted. */
  readonly attributes: number;
}

/** A SOAP service. `Context` is what its operations are handed. */
export interface ServiceSpec<Context> extends Flavour {
  /** Of the WSDL's service. */
  readonly name: string;
  readonly doc?: string;
  /** Of the operations' elements. */
  readonly namespace: string;
  /** Of the objects; that of the operations when it is not said. */
  readonly dataNamespace?: string;
  readonly operations: Operations<Context>;
  /** The path of the endpoint, below the exchange's origin, for `soap:address`: `/dfs.asmx`. */
  readonly path: string;
  /** The SOAPAction of an operation; the namespace, a slash and its name when it is not said. */
  action?(operation: string): string;
  /** Which SOAP versions the WSDL offers; both are always understood. */
  readonly versions?: readonly ('1.1' | '1.2')[];
  /** Types to be described in the WSDL though no operation refers to them. */
  readonly types?: readonly AnyType[];
  /** Do names of operations, parameters and members match without regard to case? */
  readonly ignoreCase?: boolean;
  /**
   * Are names read as ASP.NET reads them? In SOAP 1.1 an action that is named decides alone; parameters and members count in
   * the service's own namespace only; in an operation's element that is called otherwise there are none. Answers to forms have a line break behind the declaration.
   */
  readonly strict?: boolean;
  /** Is the answer in the request's namespaces? For clients that were compiled against namespaces we can only guess. */
  readonly mirror?: boolean;
  /** Must a form hold every parameter? One may leave out any when it is not said. */
  readonly wholeForms?: boolean;
  readonly limits?: Partial<SoapLimits>;
  /** Is a header block that must be understood, understood? All are when it is not said. */
  understands?(header: XmlElement): boolean;
  /** Made for each call before its parameters are read; the place to check credentials. */
  context(call: Call): Context | Promise<Context>;
  /** Told when a call has ended, however it ended: the place to drop what was received and not used. */
  release?(context: Context): void | Promise<void>;
  /**
   * Decides what is answered to a failed call: a fault, a bare answer, or a result as if `run` had given it; undefined
   * leaves it to the toolkit (a plain fault, 400 for malformed XML, 415 for another media type; to a form ASP.NET's plain
   * texts). `call` is there when the failed call had come so far; without it a result is left to the toolkit, too.
   */
  failed?(failure: SoapFailure, exchange: Exchange, call: Call | undefined): SoapFault | Reply | Instead | undefined;
}

/** What can be described of a service without running it. */
export type ServiceTable = Omit<ServiceSpec<never>, 'context' | 'release'>;

/** What a dialect mounts on its routes. */
export interface Service {
  /** Answers a POSTed SOAP message. Never throws, but for what `failed` throws. */
  call(exchange: Exchange): Promise<Reply>;
  /**
   * Answers a call of the plain HTTP bindings: parameters in the query (GET), or in an urlencoded or multipart body. A
   * fault is answered as plain text. Never throws, but for what `failed` throws.
   */
  form(exchange: Exchange, operation: string): Promise<Reply>;
  /**
   * The WSDL, its address under the exchange's origin. Its schemas stand in it, or are `imported` from `?xsd=1`, `?xsd=2` … at that
   * address, as JAX-WS has them.
   */
  wsdl(exchange: Pick<Exchange, 'origin'>, how?: { readonly schemas: 'inlined' | 'imported' }): Reply;
  /** A schema of the WSDL as a document of its own, by the number under which it is imported; undefined where there is none. */
  schema(exchange: Pick<Exchange, 'origin'>, number: number): Reply | undefined;
  /** An HTML page: all operations, or the one called `operation`. */
  help(exchange: Pick<Exchange, 'origin'>, operation?: string): Reply;
}

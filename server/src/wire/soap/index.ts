export { encodeBase64 } from '../base64/encode.js';
export type { XmlAttribute, XmlElement } from '../xml/tree.js';
export { attributeOf, childOf, isNil } from '../xml/tree.js';
export type { XmlOut, XmlOutElement, XmlOutStream } from '../xml/writer.js';
export { element } from '../xml/writer.js';
export { asmxFailure } from './asmx-failure.js';
export type { Streamed } from './bytes.js';
export { anyXml, bytes, bytesOut, smallBytes } from './bytes.js';
export { service } from './create.js';
export type { FailureKind, FaultCode, FaultDetail, FaultFacts, FaultType, Instead } from './fault.js';
export { detail, SoapFailure, SoapFault } from './fault.js';
export { asmx, jaxWs, wcf } from './flavours.js';
export type { ObjectType, PolymorphicValue } from './objects.js';
export { list, object, polymorphic, repeated } from './objects.js';
export type { Arguments, Call, Operation, OperationSpec, Operations, Output } from './operation.js';
export { operationsWith } from './operation.js';
export type { Flavour, PortNames, Service, ServiceSpec, SoapLimits } from './service.js';
export type { AnyType, Facets, Members, Type, ValueOf, Values } from './types.js';
export {
  BadValue,
  choice,
  dateTime,
  decimal,
  double,
  flag,
  float,
  int,
  long,
  nillable,
  optional,
  short,
  text,
} from './types.js';
export type { SecurityToken } from './ws-security.js';
export { hasTimestamp, timestampHeader, usernameToken, WSSE } from './ws-security.js';

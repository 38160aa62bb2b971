import type { Flavour } from './service.js';

/** ASP.NET `.asmx`: document/literal, prefix `soap`, answers found by SOAPAction first. */
export const asmx: Flavour = {
  style: 'document',
  envelope: 'soap',
  declaresSchema: true,
  contentType: 'text/xml; charset=utf-8',
  declaration: true,
  qualified: true,
  resultName: (operation) => `${operation}Result`,
  emptyDetail: true,
  language: undefined,
  dispatch: 'action',
  describesActions: false,
};

/** WCF: document/literal, prefix `s`, nothing declared that is not used. */
export const wcf: Flavour = {
  style: 'document',
  envelope: 's',
  declaresSchema: false,
  contentType: 'text/xml; charset=utf-8',
  declaration: false,
  qualified: true,
  resultName: (operation) => `${operation}Result`,
  emptyDetail: false,
  language: 'en-US',
  dispatch: 'element',
  describesActions: true,
};

/** JAX-WS with rpc/literal: prefix `S`, members in no namespace, one part called `return`. */
export const jaxWs: Flavour = {
  style: 'rpc',
  envelope: 'S',
  declaresSchema: false,
  contentType: 'text/xml;charset=utf-8',
  declaration: true,
  qualified: false,
  resultName: () => 'return',
  emptyDetail: false,
  language: undefined,
  dispatch: 'element',
  describesActions: false,
};

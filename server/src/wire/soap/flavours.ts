import type { Flavour } from './service.js';

const both = (name: string) => ({ binding: name, port: name });

/** ASP.NET `.asmx`: document/literal, prefix `soap`, operations found by SOAPAction first. */
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
  padding: 'optional',
  names: (service) => ({
    portType: `${service}Soap`,
    soap11: both(`${service}Soap`),
    soap12: both(`${service}Soap12`),
  }),
  faultMessage: (fault) => `${fault}Fault`,
  describesTypeElements: false,
  describesReferences: false,
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
  padding: 'required',
  names: (service) => ({
    portType: service,
    soap11: both(`BasicHttpBinding_${service}`),
    soap12: both(`WSHttpBinding_${service}`),
  }),
  faultMessage: (fault) => `${fault}Fault`,
  describesTypeElements: true,
  describesReferences: true,
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
  padding: 'required',
  names: (service) => {
    const name = service.replace(/Service$/, '');
    return {
      portType: name,
      soap11: { binding: `${name}PortBinding`, port: `${name}Port` },
      soap12: { binding: `${name}Port12Binding`, port: `${name}Port12` },
    };
  },
  faultMessage: (fault) => fault,
  describesTypeElements: false,
  describesReferences: false,
  describesActions: false,
};

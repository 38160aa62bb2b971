import type { Asking } from './ask.js';

// The words of specs/interfax.md §2, §3 and §11.

/** A call of the web service, in SOAP. */
export const soapCall = (
  operation: string,
  parameters: Readonly<Record<string, string | number | boolean>>,
): Asking => ({
  method: 'POST',
  path: '/dfs.asmx',
  headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"http://www.interfax.cc/${operation}"` },
  body: Buffer.from(
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><${operation} xmlns="http://www.interfax.cc">${Object.entries(
      parameters,
    )
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('')}</${operation}></e:Body></e:Envelope>`,
  ),
});

/** The text of an element of an answer. */
export const textIn = (xml: string, name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(xml)?.[1] ?? '';

/** A request of the REST API. */
export const restCall = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: Uint8Array,
): Asking => ({ method, path, headers, ...(body && { body }) });

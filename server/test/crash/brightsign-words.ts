import { account } from '../server-process.js';

// The words of specs/brightsign.md §A2 to §A6.

const service = 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/';
const data = 'BSN.WebServices.Uploads.DTO.2014.07';
const security = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

export const brightsignPath = '/Uploads/2014/07/SOAP/Basic/';
export const soapHeaders = { 'content-type': 'text/xml; charset=utf-8' };

/** An envelope around a body, in the name of somebody. */
export const envelope = (body: string, { login, password }: { login: string; password: string } = account): string =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="${service}" xmlns:d="${data}"><e:Header><w:Security xmlns:w="${security}"><w:UsernameToken><w:Username>Acme/${login}</w:Username><w:Password>${password}</w:Password></w:UsernameToken></w:Security></e:Header><e:Body>${body}</e:Body></e:Envelope>`;

/** A call whose arguments are one object. */
export const withArgs = (operation: string, args: Readonly<Record<string, string | number>>): string => {
  const members = Object.entries(args).map(([name, value]) => `<d:${name}>${value}</d:${name}>`);
  return `<t:${operation}><t:args>${members.join('')}</t:args></t:${operation}>`;
};

/** `AppendChunk`, with the data as it is to be sent. */
export const appendChunk = (token: string, offset: number, base64: string): string =>
  `<t:AppendChunk><t:uploadToken>${token}</t:uploadToken><t:partNumber>0</t:partNumber><t:data>${base64}</t:data><t:offset>${offset}</t:offset></t:AppendChunk>`;

export const getStatus = (token: string): string =>
  `<t:GetFileUploadStatus><t:uploadToken>${token}</t:uploadToken></t:GetFileUploadStatus>`;

/** Text of the first element with this local name; null where there is none. */
export const textOf = (xml: string, local: string): string | null =>
  new RegExp(`<(?:\\w+:)?${local}(?: [^>]*)?>([^<]*)</`).exec(xml)?.[1] ?? null;

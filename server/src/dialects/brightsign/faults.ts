import { detail, SoapFault, WSSE } from '../../wire/soap/index.js';
import { FileUploadFault } from './types.js';

/** The vendor's faultstring for every descriptive error; a client compares it to the letter (specs/brightsign.md §A11). */
const noReason = 'The creator of this fault did not specify a Reason.';

/** A descriptive error: an English sentence in the fault's detail. */
export const descriptive = (message: string): SoapFault =>
  new SoapFault({ code: 'Client', reason: noReason, detail: detail(FileUploadFault, { Message: message }) });

/** The server's own trouble: the same form, with the other code. */
export const serverTrouble = (message: string): SoapFault =>
  new SoapFault({ code: 'Server', reason: noReason, detail: detail(FileUploadFault, { Message: message }) });

/** Wrong credentials, or none that can be checked. */
export const securityFault = (local: 'FailedAuthentication' | 'InvalidSecurity', reason: string): SoapFault =>
  new SoapFault({ code: { local, namespace: WSSE }, reason });

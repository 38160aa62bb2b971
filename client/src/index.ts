export type { Api2ConvertOptions, Api2ConvertState } from './api2convert.js';
export type { BrightSignOptions, BrightSignState } from './brightsign.js';
export {
  uploadWebPage,
  type WebPageFile,
  type WebPageFinished,
  type WebPageOptions,
  type WebPageState,
} from './brightsign-page.js';
export type { Finished, UploadOptions, UploadState } from './dialect.js';
export { type FailureKind, UploadError } from './errors.js';
export type { FourSharedOptions, FourSharedState } from './fourshared.js';
export type { InfoRouterOptions, InfoRouterState } from './inforouter.js';
export type { InterfaxOptions, InterfaxState } from './interfax.js';
export type { Progress } from './progress.js';
export type { RetryPolicy } from './retry.js';
export type { Upload } from './session.js';
export type { Fingerprint, Source, UploadInput } from './source.js';
export type { TusOptions, TusState } from './tus.js';
export { type UploadRequest, upload } from './upload.js';

import { type Api2ConvertOptions, api2convert } from './api2convert.js';
import { type BrightSignOptions, brightsign } from './brightsign.js';
import { type FourSharedOptions, fourshared } from './fourshared.js';
import { type InfoRouterOptions, inforouter } from './inforouter.js';
import { type InterfaxOptions, interfax } from './interfax.js';
import { begin, type Upload } from './session.js';
import type { UploadInput } from './source.js';
import { type TusOptions, tus } from './tus.js';

/** A dialect's name, what to upload, and what that dialect may be told. */
export type UploadRequest =
  | ['tus', UploadInput, TusOptions]
  | ['brightsign', UploadInput, BrightSignOptions]
  | ['inforouter', UploadInput, InfoRouterOptions]
  | ['4shared', UploadInput, FourSharedOptions]
  | ['interfax', UploadInput, InterfaxOptions]
  | ['api2convert', UploadInput, Api2ConvertOptions];

/**
 * Begins an upload. Failures that may pass (no connection, 5xx, 408, 409, 423, 429, 460) are met by asking the server
 * what it holds and going on from there; other refusals end it. Throws at once (`changed`) where `state` belongs to
 * another dialect, server or file.
 *
 *     const up = upload('tus', file, { url: 'https://host/files', user, password });
 *     const { url } = await up.done;
 */
export const upload = (...[dialect, input, options]: UploadRequest): Upload => {
  switch (dialect) {
    case 'tus':
      return begin(tus, input, options);
    case 'brightsign':
      return begin(brightsign, input, options);
    case 'inforouter':
      return begin(inforouter, input, options);
    case '4shared':
      return begin(fourshared, input, options);
    case 'interfax':
      return begin(interfax, input, options);
    case 'api2convert':
      return begin(api2convert, input, options);
  }
};

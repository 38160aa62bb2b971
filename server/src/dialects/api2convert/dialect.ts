import { dialect } from '../dialect.js';
import { dialectName } from './address.js';
import type { Conversion } from './conversions/conversion.js';
import { type Api2ConvertOptions, options } from './options.js';

type Conversions = (values: Api2ConvertOptions) => readonly Conversion[];

const over = (conversions: () => Promise<Conversions>) =>
  dialect({
    name: dialectName,
    title: 'API2Convert v2',
    doc: 'Creates jobs, uploads files to them, whole or in chunks, and downloads what they were converted to.',
    options,
    endpoints: () => [
      { path: '/v2', what: 'API2Convert v2, also without /v2' },
      { path: '/v2/openapi.json', what: 'API2Convert v2, OpenAPI document' },
    ],
    load: async () => (await import('./serving.js')).servingOf(await conversions()),
  });

/** The dialect over a catalogue of conversions that tests bring. */
export const api2convertWith = (conversionsOf: Conversions) => over(async () => conversionsOf);

/** API2Convert, as the vendor's SDKs and older clients know it. */
export const api2convert = over(async () => (await import('./conversions/catalogue.js')).catalogue);

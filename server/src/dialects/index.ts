export { api2convert } from './api2convert/dialect.js';
export { brightsign } from './brightsign/dialect.js';
export { fourshared } from './fourshared/dialect.js';
export { inforouter } from './inforouter/dialect.js';
export { interfax } from './interfax/dialect.js';
export { tus } from './tus/dialect.js';

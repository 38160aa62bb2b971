export { brightsign } from './brightsign/dialect.js';
export { tus } from './tus/dialect.js';

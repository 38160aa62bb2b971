export * from './operations/faxes.js';
export * from './operations/others.js';
export * from './operations/query.js';
export * from './operations/sending.js';
export * from './operations/status.js';
export * from './operations/uploading.js';

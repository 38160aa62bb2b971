export * from './operations/commits.js';
export * from './operations/contents.js';
export * from './operations/downloads.js';
export * from './operations/server.js';
export * from './operations/tickets.js';
export * from './operations/transfers.js';
export * from './operations/uploads.js';

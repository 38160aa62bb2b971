// What the API at `/api/` takes and answers: schemas, and the types they stand for.

export * from './accounts.js';
export * from './files.js';
export * from './server.js';
export * from './session.js';
export * from './stream.js';
export * from './uploads.js';
export * from './words.js';
export * from './work.js';

// What a program that embeds Longshore may import.

export { type Data, openData, type Surroundings } from './app/data.js';
export { version } from './app/version.js';
export { type App, startApp } from './app.js';
export { type Config, ConfigError, configOf, loadConfig } from './config.js';
export type { Declared } from './engine/digests.js';
export { createEngine } from './engine/engine.js';
export type { OutboxEvent, UploadEvent } from './engine/events.js';
export type { Fact, FactReader, Facts, Ledger, Place, Store } from './engine/ports.js';
export { isRefusal, Refusal, type RefusalFacts, type RefusalKind } from './engine/refusals.js';
export type { Expiry, Tier, Upload, UploadState } from './engine/upload.js';
export type * from './engine/verbs.js';
export { type Clock, systemClock } from './kit/clock.js';
export { type Ids, randomIds } from './kit/ids.js';
export { type Log, silentLog } from './kit/log.js';
export * as ledgers from './ledgers/index.js';
export * as stores from './stores/index.js';

import type { Dialect, Host } from '../dialects/dialect.js';
import type { Showing } from '../dialects/showing.js';
import type { Hub } from './live/hub.js';
import type { ApiOptions } from './options.js';
import type { Attempts } from './session/attempts.js';
import type { Sessions } from './session/sessions.js';
import type { DialectAbout } from './shapes/index.js';

/** A dialect that is spoken, as far as the API tells of it. */
export interface Shown {
  readonly dialect: Dialect;
  readonly showing: Showing;
}

/** What the API is lent: what the dialects are, and what it tells of the server. */
export interface ApiSurroundings extends Host {
  /** The dialects that are spoken. */
  readonly shown: readonly Shown[];
  /** What is told of them to somebody who reached the server at `origin`. */
  dialects(origin: string): readonly DialectAbout[];
  /** `Longshore`. */
  readonly name: string;
  readonly version: string;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Bytes the store has left; null: not limited. */
  room(): Promise<number | null>;
  /** Names of what is not well, as `/readyz` says it. */
  failing(): Promise<readonly string[]>;
}

/** What every operation is lent: the same, and what the API itself is made of. */
export interface ApiHost extends ApiSurroundings {
  readonly options: ApiOptions;
  readonly sessions: Sessions;
  /** Of logging in. */
  readonly attempts: Attempts;
  /** What goes on, for those who watch. */
  readonly live: Hub;
}

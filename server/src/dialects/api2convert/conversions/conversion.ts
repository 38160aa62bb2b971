import type { Declared } from '../../../engine/digests.js';
import type { Json } from '../../../kit/json.js';
import type { Log } from '../../../kit/log.js';
import type { Range } from '../../../kit/ranges.js';

/** One option of a conversion, as `GET /conversions` tells it (specs/api2convert.md §6). */
export interface OptionSchema {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  readonly enum?: readonly (string | number | boolean)[];
  /** What counts where the client says nothing; it is handed to `convert` like a value that was said. */
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of a text, in characters. */
  readonly maxLength?: number;
  /** A regular expression that the whole of a text must match. */
  readonly pattern?: string;
  readonly required?: boolean;
  readonly example?: Json;
}

/** The options of a conversion, by name. */
export type OptionsSchema = Readonly<Record<string, OptionSchema>>;

/** Options that were judged by their schema, with its defaults; those without either are left out. */
export type ConversionOptions = Readonly<Record<string, Json>>;

/** A file that is to be converted. */
export interface ConversionInput {
  readonly id: string;
  /** With its ending, as the client calls it; safe as the last part of a path. */
  readonly name: string;
  /** Media type by the client's word or the name; not to be trusted. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Hex digests of the bytes: MD5 and CRC32 at least. */
  readonly digests: Declared;
  /** What the client set about this one input; not judged. */
  readonly options: Readonly<Record<string, Json>>;
  /** What an encrypted document is opened with, if the client said it. */
  readonly password: string | null;
  /** The bytes, or some of them; as often as it is asked for. */
  read(range?: Range): AsyncIterable<Uint8Array>;
  /** Copies the bytes into the work's folder, once, and says where to. */
  path(): Promise<string>;
}

/** What a conversion calls one of its results. */
export interface OutputSpec {
  /** With its ending; made unique among the job's by the runner, which also knows the client's own wish. */
  readonly name: string;
  readonly type: string;
}

/** What a running conversion is lent. */
export interface ConversionWork {
  /** Aborts when the job is cancelled, out of time, or the server stops; then throw soon. */
  readonly signal: AbortSignal;
  /** An empty folder of its own, removed with all in it when the conversion ends, however that is. */
  readonly folder: string;
  readonly log: Log;
  /**
   * Takes a result in, as it comes; outputs are seen by nobody until the conversion has ended well. Throws a
   * `ConversionFailed` where the owner's quota or a limit does not allow it.
   */
  emit(output: OutputSpec, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** 0 to 100; told to those who ask, and not kept. */
  progress(percent: number): void;
}

/** `each`: a conversion is called for one input at a time. `all`: once, with all of them in their order (archives, merging). */
export type Takes = 'each' | 'all';

/** One thing that this installation can convert to. */
export interface Conversion {
  /** `image`, `hash` … */
  readonly category: string;
  /** `webp`, `sha256` …; unique within its category. */
  readonly target: string;
  /** Its own options; those of every target (`commonOptions`) are not repeated. */
  readonly optionsSchema: OptionsSchema;
  /** How many inputs `convert` is called with; a function where that depends on the options. */
  readonly takes: Takes | ((options: ConversionOptions) => Takes);
  /** Whether what it needs (a program, a library) is there. Asked once, at the start. */
  available(): Promise<boolean>;
  /**
   * Converts. May be run again from the beginning after a crash or a fault. Throws `ConversionFailed` for what would fail again
   * in the same way (the job fails with its message); anything else thrown is logged and tried again a few times.
   */
  convert(inputs: readonly ConversionInput[], options: ConversionOptions, work: ConversionWork): Promise<void>;
}

/** How many inputs a conversion with these options is called with. */
export const takesOf = ({ takes }: Conversion, options: ConversionOptions): Takes =>
  typeof takes === 'function' ? takes(options) : takes;

/** A conversion that cannot be done with these inputs and options; the message is told to the client. */
export class ConversionFailed extends Error {
  override readonly name = 'ConversionFailed';
}

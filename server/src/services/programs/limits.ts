/** What a program may use before it is ended. */
export interface Limits {
  /** Bytes of memory that it may have of its own, with all that it starts; what they map or share does not count. */
  readonly memory: number;
  /** ms by the clock. */
  readonly time: number;
  /** Bytes that it may write to its folder, and that any one file which it writes may have. */
  readonly disk: number;
}

/**
 * Why a program did not do what it was asked. `out-of-time`, `out-of-memory`, `too-large`: it met a limit. `crashed`: it died.
 * `failed`: it ended by itself and said no.
 */
export type ProgramReason = 'out-of-time' | 'out-of-memory' | 'too-large' | 'crashed' | 'failed';

/** A program that did not do what it was asked. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
  readonly reason: ProgramReason;

  constructor(reason: ProgramReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

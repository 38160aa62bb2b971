/** Something to tidy up from time to time. */
export interface Sweep {
  /** For the log. */
  readonly name: string;
  /**
   * Does a bounded piece of work; `true`: there is more, come again soon. Several processes may sweep at once. What
   * it throws is logged, and it is run again at the next round.
   */
  run(signal: AbortSignal): Promise<boolean | void>;
}

/** Goes round from time to time. It can be started again after a stop. */
export interface Janitor {
  /** Makes a round now, and then as often as the options say. */
  start(): void;
  /** Ends the round that is on its way, and resolves when it has ended. */
  stop(): Promise<void>;
}

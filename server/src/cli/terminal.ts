/** What commands need of the process they run in. `cli.ts` has the real one. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A line on the standard output: what was asked for. */
  print(line: string): void;
  /** A line on the standard error stream: for people. */
  say(line: string): void;
  /** Asks for a secret without showing it; where nobody sits at the terminal, the first line of the standard input. */
  askSecret(prompt: string): Promise<string>;
  /**
   * Resolves when the process is asked to stop. From this call on the process no longer ends by itself at the first
   * signal, but does at the second.
   */
  stopping(): Promise<void>;
  /** What the process's exit code will be. */
  exitWith(code: number): void;
}

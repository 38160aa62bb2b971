/**
 * Numbers added up in steps of equal length, of which the last ones are kept: a ring, so that adding costs the same however
 * much was added. Time is told by whoever calls, in ms; where it runs backwards, the newest step goes on.
 */
export class Steps {
  readonly stepMs: number;
  readonly #sums: Float64Array;
  /** Numbers of the first step that has something, and of the newest. */
  #first: number | null = null;
  #newest = 0;

  constructor(stepMs: number, count: number) {
    this.stepMs = stepMs;
    this.#sums = new Float64Array(count);
  }

  add(at: number, amount: number): void {
    this.#reach(at);
    this.#first ??= this.#newest;
    const index = this.#newest % this.#sums.length;
    this.#sums[index] = (this.#sums[index] ?? 0) + amount;
  }

  /** All steps that are kept, the oldest first; the last one is running. */
  sums(at: number): number[] {
    this.#reach(at);
    const { length } = this.#sums;
    return Array.from({ length }, (_, index) => this.#sums[(this.#newest + 1 + index) % length] ?? 0);
  }

  /** What was added per second in the steps that are kept and over, from the first on that ever had something. */
  perSecond(at: number): number {
    this.#reach(at);
    if (this.#first === null) return 0;
    const over = Math.min(this.#newest - this.#first, this.#sums.length - 1);
    if (over <= 0) return 0;
    const running = this.#newest % this.#sums.length;
    const sum = this.#sums.reduce((total, each, index) => (index === running ? total : total + each), 0);
    return (sum * 1000) / (over * this.stepMs);
  }

  /** Goes on to the step of this moment; those that come round are empty. */
  #reach(at: number): void {
    const wanted = Math.floor(at / this.stepMs);
    if (wanted <= this.#newest) return;
    const { length } = this.#sums;
    const passed = Math.min(wanted - this.#newest, length);
    for (let step = wanted - passed + 1; step <= wanted; step += 1) this.#sums[step % length] = 0;
    this.#newest = wanted;
  }
}

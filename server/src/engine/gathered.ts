import type { Pages } from '../kit/pages.js';

/**
 * Bytes gathered in memory, one after the other: first the buffers as they came, from `keepBytes` on copied into pages.
 * Most bodies are small, and keeping their buffers is cheapest; those of a big one would live just long enough to
 * become costly garbage.
 */
export class Gathered {
  readonly #pages: Pages;
  readonly #keepBytes: number;
  readonly #kept: Uint8Array[] = [];
  readonly #filled: Buffer[] = [];
  /** Bytes in the last of the pages. */
  #at = 0;
  #length = 0;

  constructor(pages: Pages, keepBytes: number) {
    this.#pages = pages;
    this.#keepBytes = keepBytes;
  }

  /** Bytes gathered. */
  get length(): number {
    return this.#length;
  }

  /** Bytes of memory that they take. */
  get memory(): number {
    const inPages = this.#filled.length * this.#pages.size;
    return this.#length - this.#inPages + inPages;
  }

  get #inPages(): number {
    return this.#filled.length === 0 ? 0 : (this.#filled.length - 1) * this.#pages.size + this.#at;
  }

  #goesInPages(length: number): boolean {
    return this.#filled.length > 0 || this.#length + length > this.#keepBytes;
  }

  /** Bytes of memory that `length` more bytes take. */
  needs(length: number): number {
    if (!this.#goesInPages(length)) return length;
    const { size } = this.#pages;
    const room = this.#filled.length === 0 ? 0 : size - this.#at;
    return Math.max(0, Math.ceil((length - room) / size)) * size;
  }

  add(bytes: Uint8Array): void {
    if (!this.#goesInPages(bytes.length)) this.#kept.push(bytes);
    else this.#copy(bytes);
    this.#length += bytes.length;
  }

  #copy(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      let page = this.#filled.at(-1);
      if (!page || this.#at === page.length) {
        page = this.#pages.take();
        this.#filled.push(page);
        this.#at = 0;
      }
      const piece = bytes.subarray(from, from + page.length - this.#at);
      page.set(piece, this.#at);
      this.#at += piece.length;
      from += piece.length;
    }
  }

  /** The bytes, good until `release`. */
  buffers(): readonly Uint8Array[] {
    const last = this.#filled.length - 1;
    return [...this.#kept, ...this.#filled.map((page, i) => (i === last ? page.subarray(0, this.#at) : page))];
  }

  /** Gives the memory back, once; says how many bytes of it. */
  release(): number {
    const memory = this.memory;
    for (const page of this.#filled) this.#pages.give(page);
    this.#filled.length = 0;
    this.#kept.length = 0;
    this.#at = 0;
    this.#length = 0;
    return memory;
  }
}

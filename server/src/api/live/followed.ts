import type { Upload } from '../../engine/upload.js';
import type { Upload as UploadShape } from '../shapes/index.js';
import { isLive, uploadShape } from './shape.js';
import { Steps } from './steps.js';

/** One upload, as it is followed. */
export interface Trace {
  readonly upload: Upload;
  readonly shape: UploadShape;
  /** The shape as JSON: made once, for all who watch. */
  readonly text: string;
}

/** Rates are of the last so many seconds. */
const rateSeconds = 5;

/** A trace that goes on. What is told of it is made when somebody asks. */
export class Followed implements Trace {
  /** Number of what was heard of it last, and when (ms since 1970). */
  heard = 0;
  heardAt = Number.NEGATIVE_INFINITY;
  readonly #nameOf: (upload: Upload) => string | null;
  readonly #rate = new Steps(1000, rateSeconds + 1);
  #upload: Upload;
  #from: string | null = null;
  #bytesPerSecond = 0;
  #shape: UploadShape | null = null;
  #text: string | null = null;

  constructor(upload: Upload, nameOf: (upload: Upload) => string | null) {
    this.#upload = upload;
    this.#nameOf = nameOf;
  }

  get upload(): Upload {
    return this.#upload;
  }

  get shape(): UploadShape {
    this.#shape ??= uploadShape(this.#upload, {
      name: this.#nameOf(this.#upload),
      from: this.#from,
      bytesPerSecond: isLive(this.#upload) ? this.#bytesPerSecond : 0,
    });
    return this.#shape;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.shape);
    return this.#text;
  }

  /** Takes bytes in. */
  add(at: number, bytes: number): void {
    this.#rate.add(at, bytes);
  }

  /** What is known of it from now on. `from`: who it comes from, if that is known. */
  know(upload: Upload, from: string | null = null): void {
    this.#upload = upload;
    this.#from = from ?? this.#from;
    this.#forget();
  }

  /** Works its rate out; says whether it is another than before. */
  rerate(now: number): boolean {
    const before = this.#bytesPerSecond;
    this.#bytesPerSecond = Math.round(this.#rate.perSecond(now));
    if (this.#bytesPerSecond === before) return false;
    this.#forget();
    return true;
  }

  /** Is there something that moves, or that has to come to rest? */
  isMoving(now: number): boolean {
    return this.#bytesPerSecond > 0 || this.#rate.sums(now).some((bytes) => bytes > 0);
  }

  #forget(): void {
    this.#shape = null;
    this.#text = null;
  }
}

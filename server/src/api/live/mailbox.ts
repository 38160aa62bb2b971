import type { StreamEvents } from '../shapes/index.js';

/** What waits for a watcher. Made into text when it is fetched. */
export interface Letter {
  readonly text: string;
}

/** What is told of many things at once, each of them in the newest state alone. */
export type Bundle = 'uploads' | 'tasks' | 'jobs';

/** Most things that wait for one watcher: one that takes nothing for so long is told all anew. */
const most = 10_000;
/** Most things of one message. */
const atOnce = 1_000;

const message = (name: keyof StreamEvents, data: string): string => `event: ${name}\ndata: ${data}\n\n`;

/**
 * What has changed since a watcher was told last. However slowly it listens, no more waits for it than there are things to
 * tell of.
 */
export class Mailbox {
  readonly #hello: () => string;
  readonly #now: () => number;
  readonly #bundles = new Map<Bundle, Map<string, Letter>>();
  readonly #singles = new Map<string, { readonly name: keyof StreamEvents; readonly letter: Letter }>();
  #size = 0;
  #anew = true;

  /** `hello`: all there is to tell now, as JSON. */
  constructor(hello: () => string, now: () => number) {
    this.#hello = hello;
    this.#now = now;
  }

  /** To be told of this thing, in place of what was to be told of it before. */
  put(bundle: Bundle, id: string, letter: Letter): void {
    if (this.#anew && bundle === 'uploads') return;
    const letters = this.#bundles.get(bundle) ?? new Map<string, Letter>();
    if (!letters.has(id) && !this.#hasRoom()) return;
    this.#bundles.set(bundle, letters);
    letters.set(id, letter);
  }

  /** To be told in a message of its own. `id`: whatever waits under the same name and id gives way. */
  tell(name: keyof StreamEvents, letter: Letter, id: string | number = ''): void {
    const key = `${name}/${id}`;
    if (!this.#singles.has(key) && !this.#hasRoom()) return;
    this.#singles.set(key, { name, letter });
  }

  get isEmpty(): boolean {
    return this.#size === 0 && !this.#anew;
  }

  /** What is to be told now, as server-sent events; empty where there is nothing. */
  take(): string {
    if (this.#anew) {
      this.#anew = false;
      return message('hello', this.#hello());
    }
    let text = '';
    for (const { name, letter } of this.#singles.values()) text += message(name, letter.text);
    this.#size -= this.#singles.size;
    this.#singles.clear();
    for (const [bundle, letters] of this.#bundles) text += this.#some(bundle, letters);
    return text;
  }

  #some(bundle: Bundle, letters: Map<string, Letter>): string {
    if (letters.size === 0) return '';
    const texts: string[] = [];
    for (const [id, { text }] of letters) {
      texts.push(text);
      letters.delete(id);
      if (texts.length === atOnce) break;
    }
    this.#size -= texts.length;
    const at = bundle === 'uploads' ? `"at":${this.#now()},` : '';
    return message(bundle, `{${at}"${bundle}":[${texts.join(',')}]}`);
  }

  /** Makes room for one thing more; where there is none, all gives way to a new beginning. */
  #hasRoom(): boolean {
    this.#size += 1;
    if (this.#size <= most) return true;
    this.#size = 0;
    this.#bundles.clear();
    this.#singles.clear();
    this.#anew = true;
    return false;
  }
}

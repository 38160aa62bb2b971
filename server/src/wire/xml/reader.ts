import { isUtf8 } from 'node:buffer';
import { cursor } from '../cursor.js';
import { XmlError } from './errors.js';
import { defaultXmlLimits, type XmlEvent, type XmlLimits, xmlParser } from './parser.js';
import { expandReferences, incompleteReference } from './references.js';

/**
 * Reads a document of UTF-8 bytes as they arrive. Refuses (with `XmlError`) what is not well-formed, DOCTYPE, processing
 * instructions, every entity but the five predefined ones, and what goes past the limits.
 */
export interface XmlReader {
  /** The next event; undefined at the end of the document. Empty elements open and close. */
  next(): Promise<XmlEvent | undefined>;
  /**
   * The text of the element whose `open` was the last event, up to its end or to the first element in it, as UTF-8 bytes in
   * runs of any length: they are never decoded and never gathered, however many. Comments are skipped, references and
   * CDATA sections resolved. What is left unread is skipped by the next call of `next`, which goes on behind it.
   */
  rawText(): AsyncGenerator<Buffer, void, undefined>;
}

const LESS = 0x3c;
const GREATER = 0x3e;
const CDATA = Buffer.from('<![CDATA[');
const CDATA_END = Buffer.from(']]>');
const COMMENT = Buffer.from('<!--');
const COMMENT_END = Buffer.from('-->');

/** How many bytes at the end of `chunk` begin a character of UTF-8 and do not end it. */
const incompleteCharacter = (chunk: Buffer): number => {
  for (let back = 1; back <= 3 && back <= chunk.length; back += 1) {
    const byte = chunk[chunk.length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
};

/** Makes a reader of `source`. */
export const xmlReader = (source: AsyncIterable<Buffer>, limits: XmlLimits = defaultXmlLimits): XmlReader => {
  const bytes = cursor(source);
  const events: XmlEvent[] = [];
  let markup = 0;
  /** What `rawText` is in the middle of. */
  let raw: 'none' | 'text' | 'cdata' | 'comment' = 'none';
  let opened = false;

  const parser = xmlParser(events, limits);

  const parse = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      if (error instanceof XmlError) throw error;
      const reason = error instanceof Error ? `: ${error.message}` : '';
      throw new XmlError('malformed', `is not well-formed${reason}`, { cause: error });
    }
  };

  /**
   * Feeds the parser what is at hand up to the next `>`: so it never sees what is behind a tag before the reader was asked
   * for it, and nothing is decoded that `rawText` may want as bytes. Says whether there was anything to feed.
   */
  const feed = (): boolean => {
    const found = bytes.chunk.indexOf(GREATER, bytes.at);
    const rest = bytes.chunk.subarray(bytes.at, found < 0 ? bytes.chunk.length : found + 1);
    const run = found < 0 ? rest.subarray(0, rest.length - incompleteCharacter(rest)) : rest;
    if (run.length === 0) return false;
    if (!isUtf8(run)) throw new XmlError('malformed', 'is not UTF-8');
    bytes.at += run.length;
    const text = run.toString();
    markup += text.length;
    if (markup > limits.markup)
      throw new XmlError('too-large', `has more than ${limits.markup} characters of markup and text`);
    parse(() => parser.write(text));
    return true;
  };

  const next = async (): Promise<XmlEvent | undefined> => {
    if (raw !== 'none') for await (const _ of rawText());
    while (events.length === 0) {
      if (feed() || (await bytes.more())) continue;
      if (bytes.at < bytes.chunk.length) throw new XmlError('malformed', 'ends inside a character');
      parse(() => parser.close());
      return events.shift();
    }
    const event = events.shift();
    opened = event?.type === 'open' && events.length === 0;
    return event;
  };

  /** Takes text up to the next markup, or as far as it has come; references resolved. */
  const takeText = (): Buffer => {
    const less = bytes.chunk.indexOf(LESS, bytes.at);
    const run = bytes.chunk.subarray(bytes.at, less < 0 ? bytes.chunk.length : less);
    const end = less < 0 ? run.length - incompleteReference(run) : run.length;
    bytes.at += end;
    return expandReferences(run.subarray(0, end));
  };

  const unclosed = () => new XmlError('malformed', 'ends inside an element');

  /** Looks at the markup that stands next in the text; says whether `rawText` goes on behind it. */
  const enterMarkup = async (): Promise<boolean> => {
    await bytes.has(2);
    if (bytes.chunk[bytes.at + 1] !== 0x21) return false;
    if ((await bytes.has(COMMENT.length)) && bytes.starts(COMMENT)) {
      raw = 'comment';
      bytes.at += COMMENT.length;
      return true;
    }
    if ((await bytes.has(CDATA.length)) && bytes.starts(CDATA)) {
      raw = 'cdata';
      bytes.at += CDATA.length;
      return true;
    }
    throw new XmlError('malformed', 'has a declaration inside an element');
  };

  async function* rawText(): AsyncGenerator<Buffer, void, undefined> {
    if (raw === 'none') {
      if (!opened) return;
      raw = 'text';
      opened = false;
    }
    for (;;) {
      if (raw === 'text' && bytes.at < bytes.chunk.length) {
        if (bytes.chunk[bytes.at] !== LESS) {
          const text = takeText();
          if (text.length > 0) yield text;
        }
        if (bytes.chunk[bytes.at] === LESS) {
          if (await enterMarkup()) continue;
          raw = 'none';
          return;
        }
      } else if (raw !== 'text') {
        const { run, found } = bytes.takeUpTo(raw === 'cdata' ? CDATA_END : COMMENT_END);
        const gives = raw === 'cdata' && run.length > 0;
        if (found) raw = 'text';
        if (gives) yield run;
        if (found) continue;
      }
      if (!(await bytes.more())) throw unclosed();
    }
  }

  return { next, rawText };
};

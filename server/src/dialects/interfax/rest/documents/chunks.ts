import { isRefusal } from '../../../../engine/refusals.js';
import type { Upload } from '../../../../engine/upload.js';
import type { AcceptSpec, FinishSpec, StageSpec } from '../../../../engine/verbs.js';
import type { Reply } from '../../../../http/exchange.js';
import type { Json } from '../../../../kit/json.js';
import type { Range } from '../../../../kit/ranges.js';
import { formatContentRange } from '../../../../wire/ranges/content-range.js';
import { parseRange } from '../../../../wire/ranges/range.js';
import { codes, no } from '../../codes.js';
import { emptyReply } from '../answers.js';
import { Problem } from '../problems.js';
import type { Visit } from '../visit.js';
import { expiryOf, type UploadedDocument } from './documents.js';
import { completeDocument, documentShelf } from './records.js';

/** Most bytes of a chunk (specs/interfax.md §11.3). */
const mostBytes = 2 ** 20;

const standsAt = (received: number, size: number): Readonly<Record<string, string>> => ({
  'x-content-range': formatContentRange({ range: received === 0 ? null : { start: 0, end: received }, size }),
});

/** The chunk is not the document's next one; the client is told which is. */
const misplaced = (received: number, size: number): Problem =>
  new Problem(416, codes.sizesDiffer, 'The chunk does not begin where the document ends', standsAt(received, size));

/** The place that a chunk is said to have; null where nothing is said. Refuses -1007 for what is no range. */
const readRange = (header: string | undefined): Range | null => {
  if (header === undefined) return null;
  const [spec, ...others] = parseRange(header) ?? [];
  if (spec === undefined || others.length > 0 || 'suffix' in spec || spec.end === null) throw no('badSize');
  return { start: spec.start, end: spec.end };
};

/** What is kept with a document's upload: its name, and the place of its last chunk. */
const kept = (name: string, { start, end }: Range): Json => ({ name, start, end });

const isLast = (place: Range, { name, upload }: { readonly name: string; readonly upload: Upload }): boolean =>
  JSON.stringify(upload.metadata) === JSON.stringify(kept(name, place));

/** Judges a chunk's place before any of its bytes is read, and says how to take it in. */
const judge = (
  { name, size, upload, received }: UploadedDocument & { readonly upload: Upload },
  place: Range | null,
  length: number | null,
): { readonly stage: StageSpec; readonly accept: AcceptSpec } => {
  if (length === 0) throw no('noChunk');
  const bytes = place ? place.end - place.start : length;
  if (bytes !== null && bytes > mostBytes) throw no('tooLarge');
  if ((place?.end ?? received + (length ?? 0)) > size) throw no('tooLarge');
  if (place && length !== null && length !== bytes) throw no('sizesDiffer');
  const stage = { upload: upload.id, keep: 'whole', length: bytes } as const;
  // The chunk before this one, once more, as its answer was lost.
  if (place && isLast(place, { name, upload }))
    return { stage: { ...stage, offset: place.start }, accept: { overlap: 'same' } };
  if (place && place.start !== received) throw misplaced(received, size);
  const end = place?.end ?? (bytes === null ? null : received + bytes);
  return {
    stage: { ...stage, offset: received, append: true, limit: Math.min(mostBytes, size - received) },
    accept: end === null ? {} : { metadata: kept(name, { start: received, end }) },
  };
};

/** Takes a chunk of a document in. 202: there is more to come. 200: it is complete. */
export const takeChunk = async (visit: Visit): Promise<Reply> => {
  const { host, options, exchange, caller, documents, dropLater } = visit;
  const document = await documents.needOwn(exchange.params.id ?? '', caller.account.name);
  const { id, size, upload } = document;
  if (!upload) throw new Problem(413, codes.tooLarge, 'The document is complete', standsAt(size, size));
  const place = readRange(exchange.headers.range);
  const { stage, accept } = judge({ ...document, upload }, place, exchange.length);
  const complete: FinishSpec['record'] = async (facts, { object }) => {
    const record = await documentShelf.get(facts, id);
    if (!record || object === null) throw no('wrongSession');
    const usedAt = host.clock.now();
    const expiresAt = expiryOf(record, usedAt, options.sessionLife);
    completeDocument(facts, id, { ...record, object, usedAt, expiresAt });
    return null;
  };
  try {
    const staged = await host.engine.stage(exchange.body(), { ...stage, gone: exchange.gone, from: exchange.remote });
    dropLater(staged);
    if (staged.length === 0) throw no('noChunk');
    const { upload: now } = await host.engine.accept(staged, { ...accept, finish: { record: complete } });
    return emptyReply(now.state === 'finished' ? 200 : 202, standsAt(now.received, size));
  } catch (error) {
    // Other bytes than those that are there, or somebody was faster.
    if (isRefusal(error, 'wrong-offset')) throw misplaced((await host.engine.look(id)).received, size);
    throw error;
  }
};

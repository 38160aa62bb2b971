import type { FactReader, Facts } from '../../engine/ports.js';
import type { Staged } from '../../engine/verbs.js';
import type { Caller } from '../../services/accounts/accounts.js';
import { dialectName } from './address.js';
import { no } from './codes.js';
import type { Context, Credentials } from './context.js';
import { cutDocuments, type Piece, type SizeEntry } from './documents.js';
import type { FaxDocument, FaxSettings } from './faxes/fax.js';
import { readRecipients } from './faxes/numbers.js';
import { type FileTypes, findFileTypes, readFileType } from './file-types.js';
import { type Received, receive } from './receiving.js';

/** What a client wants faxed, as far as it could be read. */
export interface Sending extends Credentials {
  readonly numbers: string;
  readonly contacts: string;
  readonly mostRecipients: number;
  readonly types: readonly string[];
  /** One for each type; null: all of the call's own data is one document. */
  readonly sizes: readonly SizeEntry[] | null;
  readonly postpone: Date | undefined;
  readonly settings: FaxSettings;
}

/** Takes in the data that comes with a call; of somebody who is known not to have an account, none. */
export const receiveData = (
  context: Context,
  { Username, Password }: Partial<Credentials>,
  source: AsyncIterable<Buffer>,
): Promise<Received> =>
  receive(context, source, async () => {
    if (Username !== undefined && Password !== undefined) (await context.admit({ Username, Password })).need('upload');
    return { limit: context.options.maxUpload };
  });

/** When a fax is to be sent, if not at once; a moment that has passed is now. Refuses -114 for one too far ahead. */
export const readPostpone = (
  { host, options }: Pick<Context, 'host' | 'options'>,
  moment: Date | undefined,
): number | null => {
  const now = host.clock.now();
  const at = moment?.getTime() ?? 0;
  if (at > now + options.maxPostpone) throw no('postponedTooFar');
  return at > now ? at : null;
};

/** What the documents of a fax are made of. */
interface Plan {
  readonly pieces: readonly Piece[];
  /** Objects of the sessions, by session. */
  readonly objects: ReadonlyMap<string, string>;
  readonly types: readonly string[];
}

/** Judges the sessions, then the types and the lengths (specs/interfax.md §3.1). */
const plan = async (
  { sessions, options }: Context,
  facts: FactReader,
  { sending, owner, inline, fileTypes }: { sending: Sending; owner: string; inline: number; fileTypes: FileTypes },
): Promise<Plan> => {
  const entries = sending.sizes ?? [{ size: inline, session: undefined }];
  const objects = new Map<string, string>();
  const totals = new Map<string, number>();
  for (const { session } of entries) {
    if (session === undefined || objects.has(session)) continue;
    const { object, size } = await sessions.needClosed(facts, session, owner);
    objects.set(session, object);
    totals.set(session, size);
  }
  const types = sending.types.map((each) => {
    const type = readFileType(fileTypes, each);
    if (type === undefined) throw no('noDocument');
    return type;
  });
  const pieces = cutDocuments(entries, { inline, sessions: totals });
  if (pieces.reduce((sum, { length }) => sum + length, 0) > options.maxUpload) throw no('tooLarge');
  return { pieces, objects, types };
};

const documentsOf = ({ pieces, objects, types }: Plan, ownObject: string | null): FaxDocument[] =>
  pieces.map(({ session, offset, length }, index) => {
    const object = session === undefined ? ownObject : objects.get(session);
    const type = types[index];
    if (object == null || type === undefined) throw new Error('a document of a fax has no bytes or no type');
    return { object, offset, length, type };
  });

const inlineOf = (received: Received | undefined): Staged | undefined => {
  if (received && 'refused' in received) throw received.refused;
  return received?.staged;
};

/** Does `record` within the transaction that makes the call's own data an object, or in one of its own where it is not needed. */
export const recording = async (
  context: Pick<Context, 'host' | 'options' | 'cancelLater'>,
  { caller, inline }: { caller: Caller; inline: Staged | null },
  record: (facts: Facts, ownObject: string | null) => Promise<number>,
): Promise<number> => {
  const { host, options } = context;
  if (!inline) return host.ledger.transact((facts) => record(facts, null));
  const { id } = await host.engine.open({
    dialect: dialectName,
    owner: caller.account.name,
    size: inline.length,
    expiry: { at: host.clock.now() + options.sessionLife, sliding: null },
    quota: host.quota.limit(caller.account),
    chunkFollows: true,
  });
  context.cancelLater(id);
  const { upload } = await host.engine.accept(inline, {
    upload: id,
    offset: 0,
    finish: { record: (facts, { object }) => record(facts, object) },
  });
  return Number(upload.result);
};

/**
 * Submits a fax and gives its transaction id, the first of them where there are several recipients. The faxes, their jobs and the
 * end of their sessions are one transaction. Judged are, in this order: the account (-1003, -677), the recipients (-112), the
 * moment (-114), the sessions (-1062), the types and the lengths (-123, -1008, -1063).
 */
export const send = async (context: Context, sending: Sending, received: Received | undefined): Promise<number> => {
  const { host, options, sessions, faxes } = context;
  const caller = await context.admit(sending);
  caller.need('upload');
  const recipients = readRecipients(sending.numbers, sending.contacts, options.country);
  if (!recipients || recipients.length > sending.mostRecipients) throw no('noRecipient');
  const postponedTo = readPostpone(context, sending.postpone);
  const inline = inlineOf(received);
  const owner = caller.account.name;
  const fileTypes = await findFileTypes(options);
  const wanted = { sending, owner, inline: inline?.length ?? 0, fileTypes };
  for (const { session } of sending.sizes ?? []) if (session !== undefined) await sessions.settle(session);

  const first = await host.ledger.read((facts) => plan(context, facts, wanted));
  const needsOwn = first.pieces.some(({ session }) => session === undefined);
  return recording(context, { caller, inline: needsOwn && inline ? inline : null }, async (facts, ownObject) => {
    // Once more, as somebody else may have faxed one of the sessions meanwhile.
    const now = await plan(context, facts, wanted);
    const documents = documentsOf(now, ownObject);
    const { settings } = sending;
    const parent = await faxes.submit(facts, { owner, recipients, settings, documents, postponedTo });
    for (const session of now.objects.keys()) await sessions.consume(facts, session);
    return parent;
  });
};

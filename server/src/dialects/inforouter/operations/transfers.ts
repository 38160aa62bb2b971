import { Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { Staged } from '../../../engine/verbs.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import { type Arguments, bytes, flag, type Members, text } from '../../../wire/soap/index.js';
import { dialectName } from '../address.js';
import { checkingIn, documentAnswer, type Target } from '../check-in.js';
import type { Visit } from '../context.js';
import { nothing } from '../handlers.js';
import type { CheckIn } from '../library/library.js';
import { answering, forms, operation, response, ticketParameter } from '../operation.js';
import { chunkBounds } from '../options.js';
import { readXmlParameters } from '../xml-parameters.js';

/** What became of a document's bytes when they came. `upload`: they are in the place of this one. */
type Received = { readonly staged: Staged; readonly upload: string | undefined } | { readonly refused: unknown };

/** An upload for a document that comes with one call; it ends with the call, as a document or not at all. */
const openUpload = async (visit: Visit, caller: Caller, path: string | undefined): Promise<Upload> => {
  const { host, options, call } = visit;
  caller.need('upload');
  const upload = await host.engine.open({
    dialect: dialectName,
    owner: caller.account.name,
    maxSize: options.uploadLimit,
    ...(path !== undefined && { metadata: { name: path.split(/[/\\]/).at(-1) ?? '' } }),
    expiry: { at: host.clock.now() + options.handlerLife, sliding: options.handlerLife },
    quota: host.quota.limit(caller.account),
    chunkFollows: true,
    from: call.exchange.remote,
  });
  visit.cancelLater(upload.id);
  return upload;
};

/** Takes the bytes in, for the caller if it is known by now who that is; a stranger's are at most those of a chunk. */
const receiveDocument = async (
  visit: Visit,
  { ticket, path }: { ticket: string | undefined; path: string | undefined },
  source: AsyncIterable<Buffer>,
): Promise<Received> => {
  try {
    const caller = ticket === undefined ? undefined : await visit.admit(ticket);
    if (caller && path !== undefined) await checkingIn(visit, caller, { place: path, details: {} }).judge();
    const upload = caller && (await openUpload(visit, caller, path)).id;
    const staged = await visit.host.engine.stage(source, {
      ...(upload !== undefined && { upload, offset: 0 }),
      keep: 'whole',
      limit: caller ? visit.options.uploadLimit : Math.min(visit.options.uploadLimit, chunkBounds.most),
      from: visit.call.exchange.remote,
    });
    visit.dropLater(staged);
    return { staged, upload };
  } catch (error) {
    return { refused: error };
  }
};

/** An operation that makes the bytes that come with it a document. */
const uploading = <const P extends Members>(
  more: P,
  details: (args: Arguments<P, undefined>) => CheckIn | Promise<CheckIn>,
) =>
  operation({
    doc: 'Makes the bytes that come with the call a document, or a new version of one, and answers its ids.',
    params: {
      ...ticketParameter,
      Path: text({ doc: 'The document’s full path, from its library down.' }),
      FileContent: bytes({ doc: 'The document’s bytes.' }),
      ...(more as Members),
    },
    result: response,
    http: forms,
    receive: ({ AuthenticationTicket, Path }, visit, source): Promise<Received> =>
      receiveDocument(visit, { ticket: AuthenticationTicket, path: Path }, source),
    run: (args, visit) =>
      answering(visit, async () => {
        const caller = await visit.admit(args.AuthenticationTicket);
        const received =
          args.FileContent ??
          (await receiveDocument(visit, { ticket: args.AuthenticationTicket, path: args.Path }, nothing()));
        if ('refused' in received) throw received.refused;
        const target: Target = {
          place: args.Path,
          details: await details(args as unknown as Arguments<P, undefined>),
        };
        const checking = checkingIn(visit, caller, target);
        await checking.judge();
        const upload = received.upload ?? (await openUpload(visit, caller, args.Path)).id;
        await visit.host.engine.accept(received.staged, { upload, last: true, finish: { record: checking.record } });
        const outcome = checking.outcome();
        if (!outcome) throw new Refusal('busy', { id: upload });
        return documentAnswer(outcome);
      }),
  });

const checkoutParameter = { Checkout: flag({ doc: 'Whether the document is to be checked out for it.' }) };
const commentParameter = { VersionComment: text({ doc: 'A comment on the version.' }) };

export const UploadDocument = uploading({}, () => ({}));

export const UploadDocument1 = uploading(commentParameter, ({ VersionComment }) => ({ comment: VersionComment }));

export const UploadDocument2 = uploading(checkoutParameter, ({ Checkout }) => ({ checkout: Checkout }));

export const UploadDocument3 = uploading({ ...commentParameter, ...checkoutParameter }, (args) => ({
  comment: args.VersionComment,
  checkout: args.Checkout,
}));

export const UploadDocument4 = uploading(
  { xmlParameters: text({ doc: 'Keys and values, as XML; may be empty.' }) },
  ({ xmlParameters }) => readXmlParameters(xmlParameters),
);

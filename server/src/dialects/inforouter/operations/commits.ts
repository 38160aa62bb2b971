import type { Arguments } from '../../../wire/soap/index.js';
import { type Members, short, text } from '../../../wire/soap/index.js';
import { commit, documentAnswer, type Target } from '../check-in.js';
import type { Context } from '../context.js';
import { needHandler, needHandlerGuid } from '../handlers.js';
import { manualVersion } from '../library/version-numbers.js';
import { open, ticketParameter } from '../operation.js';
import { readXmlParameters } from '../xml-parameters.js';

const pathParameter = { Path: text({ doc: 'The document’s full path, from its library down.' }) };
const handlerParameter = { UploadHandler: text({ doc: 'The GUID of a handler that has had its last chunk.' }) };
const xmlParameter = { xmlParameters: text({ doc: 'Keys and values, as XML; may be empty.' }) };

const doc =
  'Makes what an upload handler holds a document, or a new version of one, and answers its ids; ends the handler.';

/** An operation that makes a handler's bytes a document: judged are the GUID, the ticket, the handler, the parameters, in this order. */
const committing = <const P extends Members>(
  params: P,
  target: (args: Arguments<P, undefined>) => Target | Promise<Target>,
  doc: string,
) =>
  open({
    doc,
    params: params as Members,
    run: async (given, visit) => {
      const args = given as unknown as Arguments<P, undefined>;
      const guid = needHandlerGuid(String(given.UploadHandler));
      const caller = await visit.admit(String(given.AuthenticationTicket));
      const context: Context = { ...visit, caller };
      const upload = await needHandler(context, caller, guid);
      return documentAnswer(await commit(context, upload, await target(args)));
    },
  });

export const UploadDocumentWithHandler = committing(
  { ...ticketParameter, ...pathParameter, ...handlerParameter },
  ({ Path }) => ({ place: Path, details: {} }),
  doc,
);

export const UploadDocumentWithHandler1 = committing(
  { ...ticketParameter, ...pathParameter, ...handlerParameter, VersionComments: text() },
  ({ Path, VersionComments }) => ({ place: Path, details: { comment: VersionComments } }),
  doc,
);

export const UploadDocumentWithHandler2 = committing(
  {
    ...ticketParameter,
    ...pathParameter,
    ...handlerParameter,
    VersionComments: text(),
    MPVersionMajor: short({ doc: '1 to 2400; with 0 in all three the server numbers the version.' }),
    MPVersionMinor: short({ doc: '0 to 999.' }),
    MPVersionRevision: short({ doc: '0 to 999.' }),
  },
  ({ Path, VersionComments, MPVersionMajor, MPVersionMinor, MPVersionRevision }) => {
    const parts = { major: MPVersionMajor, minor: MPVersionMinor, revision: MPVersionRevision };
    const byHand = Object.values(parts).some((part) => part !== 0) ? manualVersion(parts) : undefined;
    const comment = VersionComments;
    return { place: Path, details: { comment, ...(byHand !== undefined && { manualVersion: byHand }) } };
  },
  doc,
);

export const UploadDocumentWithHandler3 = committing(
  { ...ticketParameter, ...pathParameter, ...handlerParameter, ...xmlParameter },
  async ({ Path, xmlParameters }) => ({ place: Path, details: await readXmlParameters(xmlParameters) }),
  doc,
);

/** The misspelling is the vendor's. */
export const UploadNewDocumentWidthHandler = committing(
  {
    ...ticketParameter,
    FolderPath: text({ doc: 'The folder’s full path.' }),
    DocumentName: text({ doc: 'A name that is free in it.' }),
    ...handlerParameter,
    ...xmlParameter,
  },
  async ({ FolderPath, DocumentName, xmlParameters }) => ({
    place: { folder: FolderPath, name: DocumentName },
    details: { ...(await readXmlParameters(xmlParameters)), mustBeNew: true },
  }),
  'Makes what an upload handler holds a new document, refused where there is one of its name; ends the handler.',
);

/** A no in the vendor's words (specs/inforouter.md §3): every failing answer has a code and a text. */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** An HTTP status times ten, plus a digit. */
  readonly errorCode: number;

  constructor(errorCode: number, text: string) {
    super(text);
    this.errorCode = errorCode;
  }
}

const of = (errorCode: number, text: string) => (): Problem => new Problem(errorCode, text);

/** Every problem that a client can be told of, by name; the texts stand here and nowhere else. */
export const problems = {
  // login
  authenticationFailed: of(4010, '[900] Authentication failed'),
  invalidTicket: of(4010, '[901] Session expired or Invalid ticket'),
  noTicketsAllowed: of(4010, '[902] Ticket generation not allowed'),
  noTicketRenewal: of(4010, '[902] Ticket generation are not allowed for this user.'),
  invalidTicketFormat: of(4000, 'invalid ticket format'),
  // handlers
  invalidUploadHandler: of(4000, 'Invalid upload handler.'),
  uploadHandlerNotFound: of(4000, 'Upload handler cannot be found.'),
  uploadHandlerComplete: of(4000, 'Upload handler is already complete.'),
  badHandlerRequest: of(4000, 'bad Request'),
  invalidDownloadHandler: of(4000, 'Invalid download handler. (guid)'),
  downloadHandlerNotFound: of(4000, 'Download handler cannot be found.'),
  tooLarge: of(4000, 'File size limit exceeded.'),
  // parameters
  invalidParameter: (name: string): Problem => new Problem(4000, `Invalid parameter value: ${name}`),
  invalidVersionNumber: of(
    4000,
    'Invalid argument exception. Version numbers cannot be less than 1000000, except 0 for the published version.',
  ),
  versionTooLow: of(
    4000,
    'Invalid argument exception. The version number must be higher than that of the latest version.',
  ),
  invalidName: of(4000, 'Invalid argument exception. The name is not valid.'),
  invalidIdentifier: of(4000, 'InvalidDocumentIdentifer'),
  // rights and places
  accessDenied: of(4030, 'Access denied.'),
  folderNotFound: of(4041, 'Folder not found.'),
  documentNotFound: of(4041, 'Document not found.'),
  versionNotFound: of(4041, 'Specified version cannot be found.'),
  folderExists: of(4090, 'A folder with this name already exists.'),
  documentExists: of(4090, 'A document with this name already exists.'),
  rootLevel: of(4000, 'Root level folders cannot be created'),
  libraryStays: of(4000, 'Root level folders cannot be moved or deleted.'),
  intoItself: of(4000, 'A folder cannot be moved or copied into itself.'),
  onlyVersion: of(4000, 'The only version of a document cannot be deleted.'),
  // checking out
  notCheckedOut: of(4000, 'This document is not checked out.'),
  checkedOutBy: (holder: string): Problem => new Problem(4000, `Document is checked out by ${holder}.`),
  notLockedByYou: of(4000, 'The document is not locked by you.'),
  // the rest
  offline: of(4230, 'The document is offline.'),
  systemError: (text: string): Problem => new Problem(5000, `SystemError:${text}`),
} as const;

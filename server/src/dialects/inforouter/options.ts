import {
  bytesOption,
  choiceOption,
  flagOption,
  listOption,
  numberOption,
  type OptionTable,
  type OptionValues,
  textOption,
} from '../../kit/options.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** Bounds of a chunk that a client may ask for, in bytes (specs/inforouter.md §5.2). */
export const chunkBounds = { least: 262_144, most: 33_554_432 } as const;

/** What can be set about the infoRouter dialect; what the vendor has not published stands here (specs/inforouter.md §8). */
export const options = {
  libraries: listOption({
    help: 'Libraries (first folders of every path) that are there from the start.',
    default: ['Documents'],
    placeholder: 'LIST',
  }),
  autoCreateLibraries: flagOption({
    help: 'Whether uploads and new folders may name a library that is not there yet.',
    default: false,
  }),
  chunkSize: bytesOption({ help: 'Chunk size told to clients that ask for none, in bytes.', default: 2 ** 20 }),
  uploadLimit: bytesOption({
    help: 'Largest document, in bytes; told to clients as FILEUPLOADLIMIT.',
    default: 1_072_693_248,
  }),
  ticketLife: numberOption({
    help: 'After how many ms without a successful call a ticket ends.',
    default: 30 * day,
    min: 1000,
    placeholder: 'MS',
  }),
  handlerLife: numberOption({
    help: 'After how many ms without a chunk an upload or download handler ends.',
    default: day,
    min: 1000,
    placeholder: 'MS',
  }),
  emptyHandlers: flagOption({
    help: 'Whether an upload handler that got no chunk becomes a document of no bytes.',
    default: true,
  }),
  keepOnFailedCommit: flagOption({
    help: 'Whether an upload handler stays when the document layer refuses its document.',
    default: false,
  }),
  requireCheckout: flagOption({
    help: 'Whether a new version needs its uploader to hold the document’s lock.',
    default: false,
  }),
  checkoutFlagKeepsLock: flagOption({
    help: 'Whether an upload with the checkout flag leaves the document locked (older servers), rather than unlocked.',
    default: false,
  }),
  listDates: choiceOption({
    help: 'How dates are written in lists: `day` (2026-01-31) or `second` (2026-01-31 14:35:00).',
    choices: ['day', 'second'],
    default: 'day',
  }),
  downloadForm: choiceOption({
    help: 'How DownloadDocument answers plain HTTP: by the Accept header (`accept`), or always as `bytes`, `json` or `xml`.',
    choices: ['accept', 'bytes', 'json', 'xml'],
    default: 'accept',
  }),
  trustedUser: textOption({
    help: 'Account whose password CreateTicketforUser takes as TrustedUserPwd; empty: nobody’s.',
    default: '',
    placeholder: 'NAME',
  }),
  serverVersion: textOption({
    help: 'Version number that ServerInfo tells clients.',
    default: '8.7.0.0',
    placeholder: 'VERSION',
  }),
  company: textOption({ help: 'Company name that ServerInfo tells clients.', default: '', placeholder: 'NAME' }),
} satisfies OptionTable;

export type InfoRouterOptions = OptionValues<typeof options>;

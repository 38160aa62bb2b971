import {
  bytesOption,
  choiceOption,
  numberOption,
  type OptionTable,
  type OptionValues,
  textOption,
} from '../../kit/options.js';

const minute = 60 * 1000;

/** What can be set about rendering faxes and bringing them on their way. */
export const deliveryOptions = {
  transport: choiceOption({
    help: 'How faxes leave: into a folder (`spool`), to a HylaFAX server (`hylafax`), or not at all, for tests (`none`).',
    choices: ['spool', 'hylafax', 'none'],
    default: 'spool',
  }),
  faxesAtOnce: numberOption({ help: 'Faxes that are on their way at once, in one process.', default: 20, min: 1 }),
  renderingsAtOnce: numberOption({ help: 'Faxes that are rendered at once, in one process.', default: 1, min: 1 }),
  retryInterval: numberOption({
    help: 'ms between two attempts at a transmission.',
    default: 5 * minute,
    placeholder: 'MS',
  }),
  maxPages: numberOption({ help: 'Most pages of one fax.', default: 100, min: 1 }),
  renderTime: numberOption({
    help: 'How many ms the rendering of one fax may take.',
    default: 2 * minute,
    min: 1000,
    placeholder: 'MS',
  }),
  renderMemory: bytesOption({
    help: 'Memory that the rendering of one fax may take, with the programs it starts, in bytes.',
    default: 768 * 2 ** 20,
  }),
  renderDisk: bytesOption({
    help: 'Most bytes of files that the rendering of one fax may leave on the way.',
    default: 512 * 2 ** 20,
  }),
  renderFolder: textOption({
    help: 'Folder for files on the way of rendering, from the data folder on.',
    default: 'fax-rendering',
    placeholder: 'DIR',
  }),
  libreOffice: textOption({
    help: 'Program that draws office documents, a name or a path; empty, or where it is not there: they are not drawn.',
    default: 'soffice',
    placeholder: 'PROGRAM',
  }),
  ghostscript: textOption({
    help: 'Program that draws PostScript, a name or a path; empty, or where it is not there: it is not drawn.',
    default: 'gs',
    placeholder: 'PROGRAM',
  }),
  spoolFolder: textOption({
    help: 'Folder that the transport `spool` puts faxes into, from the data folder on.',
    default: 'outgoing-faxes',
    placeholder: 'DIR',
  }),
  noneTime: numberOption({
    help: 'For how many ms the transport `none` keeps each fax on the line.',
    default: 0,
    placeholder: 'MS',
  }),
  hylafaxHost: textOption({ help: 'Where the HylaFAX server is.', default: '127.0.0.1', placeholder: 'HOST' }),
  hylafaxPort: numberOption({ help: 'Port of its client protocol.', default: 4559, min: 1, placeholder: 'PORT' }),
  hylafaxUser: textOption({ help: 'User name at the HylaFAX server.', default: 'longshore', placeholder: 'NAME' }),
  hylafaxPassword: textOption({
    help: 'Password at the HylaFAX server, where it wants one.',
    default: '',
    secret: true,
    placeholder: 'PASSWORD',
  }),
  hylafaxModem: textOption({
    help: 'Modem, or class of modems, of the HylaFAX server that is to send.',
    default: 'any',
    placeholder: 'NAME',
  }),
  hylafaxPoll: numberOption({
    help: 'ms between two looks at a fax that HylaFAX has.',
    default: 5000,
    min: 100,
    placeholder: 'MS',
  }),
  hylafaxTimeout: numberOption({
    help: 'After how many ms without an answer the HylaFAX server counts as not there.',
    default: 30_000,
    min: 1000,
    placeholder: 'MS',
  }),
  dialPrefix: textOption({
    help: 'What HylaFAX dials before each number: for an outside line.',
    default: '',
    placeholder: 'DIGITS',
  }),
  internationalPrefix: textOption({
    help: 'What HylaFAX dials for the 00 at the start of a number.',
    default: '00',
    placeholder: 'DIGITS',
  }),
} satisfies OptionTable;

export type DeliveryOptions = OptionValues<typeof deliveryOptions>;

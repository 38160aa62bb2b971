import type { Reply } from '../../../http/exchange.js';
import { readVersion } from '../../../services/catalog/read.js';
import { attachment } from '../../../wire/disposition/disposition.js';
import { bytesOut, type Call, encodeBase64, int, type Members, type Type, text } from '../../../wire/soap/index.js';
import { problemOf } from '../answers.js';
import type { Visit } from '../context.js';
import { findVersion } from '../downloads.js';
import { nothing } from '../handlers.js';
import { readMajorOrPacked } from '../library/version-numbers.js';
import { forms, operation, ticketParameter } from '../operation.js';
import type { InfoRouterOptions } from '../options.js';
import type { Problem } from '../problems.js';

/** A whole document, or why it is not given; and in which form plain HTTP wants it. */
type Content = { readonly form: InfoRouterOptions['downloadForm'] } & (
  | { readonly problem: Problem }
  | { readonly name: string; readonly size: number; readonly bytes: AsyncIterable<Uint8Array> }
);

const base64 = bytesOut({ doc: 'The document’s bytes; empty where there is none to be had.' });

/** SOAP has base64; on any failure an empty element, and no fault (specs/inforouter.md §7). */
const content: Type<Content> = {
  ...base64,
  blank: () => base64.blank() as never,
  read: (from, reading) => base64.read(from, reading) as never,
  write: (name, value, scope) => base64.write(name, 'problem' in value ? nothing() : value.bytes, scope),
};

/** The form that is asked for; browsers, which name XML too, get bytes. */
const wantedForm = (accept: string): 'bytes' | 'json' | 'xml' => {
  if (/application\/json/i.test(accept)) return 'json';
  return /(text|application)\/xml/i.test(accept) && !/text\/html/i.test(accept) ? 'xml' : 'bytes';
};

async function* asJson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from('"');
  for await (const run of encodeBase64(bytes)) yield Buffer.from(run);
  yield Buffer.from('"');
}

/** A header's value: what it cannot hold becomes `?`. */
const headerText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

const refusal = ({ errorCode, message }: Problem): Reply => ({
  status: Math.floor(errorCode / 10),
  headers: { 'x-inforouter-errorcode': errorCode, 'x-inforouter-error': headerText(message) },
  body: '',
});

/** Plain HTTP has one of three forms, and real status numbers; undefined leaves XML to the toolkit. */
const httpReply = (value: Content, { exchange }: Call): Reply | undefined => {
  if ('problem' in value) return refusal(value.problem);
  const form = value.form === 'accept' ? wantedForm(exchange.headers.accept ?? '') : value.form;
  if (form === 'xml') return undefined;
  if (form === 'json')
    return {
      status: 200,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Math.ceil(value.size / 3) * 4 + 2,
      },
      body: asJson(value.bytes),
    };
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': value.size,
      ...attachment(value.name),
    },
    body: value.bytes,
  };
};

const downloading = <P extends Members>(
  more: P,
  doc: string,
  number: (args: Readonly<Record<string, unknown>>) => number,
) =>
  operation({
    doc,
    params: {
      ...ticketParameter,
      Path: text({ doc: 'The document’s full path, or `~D` and its id.' }),
      ...(more as Members),
    },
    result: content,
    http: forms,
    httpReply,
    run: async (args, visit: Visit): Promise<Content> => {
      const { host, options, call } = visit;
      const form = options.downloadForm;
      try {
        const caller = await visit.admit(args.AuthenticationTicket);
        const { document, version } = await findVersion({ ...visit, caller }, args.Path, number(args));
        await visit.prolong();
        return { form, name: document.file.name, size: version.size, bytes: readVersion(host.engine, version) };
      } catch (error) {
        return { form, problem: problemOf(error, { log: host.log, operation: call.operation }) };
      }
    },
  });

export const DownloadDocument = downloading(
  {},
  'Answers the bytes of a document’s published or latest version.',
  () => 0,
);

export const DownloadDocumentVersion = downloading(
  { VersionNumber: int({ doc: '1.2.3 is 1002003; a number below 1000000 is a major version.' }) },
  'Answers the bytes of a version of a document.',
  ({ VersionNumber }) => readMajorOrPacked(Number(VersionNumber)),
);

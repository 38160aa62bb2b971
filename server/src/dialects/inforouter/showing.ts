import type { Host } from '../dialect.js';
import { commandSample, type Sample, type Showing, textIn } from '../showing.js';
import type { InfoRouterOptions } from './options.js';

/** What is told of uploads to infoRouter. A handler's document has no name before it is checked in. */
export const showing = (_host: Host, { uploadLimit }: InfoRouterOptions): Showing => ({
  name: ({ metadata }) => textIn(metadata, 'name'),
  intake: async () => ({ maxSize: uploadLimit, endings: null }),
});

const login = `ticket=$(curl -fsS "$BASE/srv.asmx/AuthenticateUser" --data-urlencode "UID=$NAME" --data-urlencode "PWD=$PASSWORD" |
  sed -n 's/.* ticket="\\([^"]*\\)".*/\\1/p')`;

/** The call of an operation by SOAP; `pipe`: what is done with its answer. */
const call = (operation: string, parameters: string, pipe = ''): string =>
  `curl -fsS "$BASE/srv.asmx" -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: "http://tempuri.org/${operation}"' --data-binary @- <<XML${pipe}
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><${operation} xmlns="http://tempuri.org/">
<AuthenticationTicket>$ticket</AuthenticationTicket>${parameters}
</${operation}></s:Body></s:Envelope>
XML`;

export const samples: readonly Sample[] = [
  {
    title: 'A document by a form',
    code: `${login}
curl -fsS "$BASE/srv.asmx/UploadDocument" -F "AuthenticationTicket=$ticket" -F "Path=/Documents/$(basename "$FILE")" -F "FileContent=@$FILE"`,
  },
  {
    title: 'A document by SOAP, in one chunk',
    code: `${login}
handler=$(${call(
      'CreateUploadHandler',
      '<PreferedChunkSize>0</PreferedChunkSize>',
      ` | sed -n 's/.* UploadHandler="\\([^"]*\\)".*/\\1/p'`,
    )}
)
${call(
  'UploadFileChunk',
  `<UploadHandler>$handler</UploadHandler><FileChunk>
$(base64 < "$FILE")
</FileChunk><ChunkHEXCRC>$(gzip -c < "$FILE" | tail -c 8 | od -A n -N 4 -t x4 | tr -d ' ')</ChunkHEXCRC><LastChunk>true</LastChunk>`,
)}
${call('UploadDocumentWithHandler', '<Path>/Documents/$(basename "$FILE")</Path><UploadHandler>$handler</UploadHandler>')}`,
  },
  commandSample('--as inforouter '),
];

import { commandSample, type Sample } from '../../showing.js';

const call = (operation: string, parameters: string): string =>
  `curl -fsS "$BASE/dfs.asmx" -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: "http://www.interfax.cc/${operation}"' --data-binary @- <<XML
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><${operation} xmlns="http://www.interfax.cc">
${parameters}
</${operation}></s:Body></s:Envelope>
XML`;

export const samples: readonly Sample[] = [
  {
    title: 'By REST: a document of up to 1 MiB, and its fax',
    code: `at=$(curl -fsS -G -X POST "$BASE/outbound/documents" -u "$NAME:$PASSWORD" -D - -o /dev/null \\
  --data-urlencode "name=$(basename "$FILE")" -d "size=$(wc -c < "$FILE" | tr -d ' ')" | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')
curl -fsS "$at" -u "$NAME:$PASSWORD" -H "Range: bytes=0-$(($(wc -c < "$FILE") - 1))" --data-binary "@$FILE"
curl -fsS -X POST "$BASE/outbound/faxes?faxNumber=%2B442079460123" -u "$NAME:$PASSWORD" -H "Content-Location: $at"`,
  },
  {
    title: 'By SOAP: a session and its only chunk',
    code: `session=$(${call('StartFileUpload', '<Username>$NAME</Username><Password>$PASSWORD</Password>').replace('<<XML', `<<XML | sed -n 's/.*<SessionID>\\(.*\\)<\\/SessionID>.*/\\1/p'`)}
)
${call('UploadFileChunk', '<SessionID>$session</SessionID><Chunk>\n$(base64 < "$FILE")\n</Chunk><IsLast>true</IsLast>')}`,
  },
  commandSample("--as interfax --fax '+44 20 7946 0123' "),
];

import type { Host } from '../dialect.js';
import { commandSample, type Sample, type Showing, textIn } from '../showing.js';

/** What is told of uploads to 4shared. */
export const showing = ({ quota }: Host): Showing => ({
  name: ({ metadata }) => textIn(metadata, 'name'),
  intake: async (account) => ({ maxSize: quota.largestFile(account), endings: null }),
});

export const samples: readonly Sample[] = [
  {
    title: 'By SOAP and a form',
    code: `key=$(curl -fsS "$BASE/jax3/DesktopApp" -H 'Content-Type: text/xml; charset=utf-8' --data-binary @- <<XML | sed -n 's/.*<return>\\(.*\\)<\\/return>.*/\\1/p'
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<q:createUploadSessionKey xmlns:q="http://api.soap.shared.pmstation.com/">
<arg0>$NAME</arg0><arg1>$PASSWORD</arg1><arg2>-1</arg2></q:createUploadSessionKey>
</s:Body></s:Envelope>
XML
)
curl -fsS "$BASE/main/upload.jsp?sId=$key" -F "FilePart=@$FILE"`,
  },
  {
    title: 'By REST',
    code: `curl -fsS "$BASE/v1_2/files?fileName=$(basename "$FILE" | sed 's/ /%20/g')" -u "$NAME:$PASSWORD" \\
  -H 'Content-Type: application/octet-stream' --data-binary "@$FILE"`,
  },
  commandSample('--as 4shared '),
];

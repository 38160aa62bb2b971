import { commandSample, type Sample, type Showing, textIn } from '../showing.js';
import { restPath } from './address.js';
import { largestFile } from './parameters.js';

/** What is told of uploads to a BrightSign library. Files of every kind are taken: what is none of its kinds is auxiliary. */
export const showing = (): Showing => ({
  name: ({ metadata }) => textIn(metadata, 'fileName'),
  intake: async () => ({ maxSize: largestFile, endings: null }),
});

export const samples: readonly Sample[] = [
  {
    title: 'By REST: a start, a chunk, the completion',
    code: `at="$BASE${restPath}/Sessions/None/Uploads"
token=$(curl -fsS "$at/" -u "$NAME:$PASSWORD" -H 'Accept: application/json' \\
  -H 'Content-Type: application/vnd.bsn.start.content.upload.arguments.201903+json' \\
  -d "{\\"fileName\\":\\"$(basename "$FILE")\\",\\"fileSize\\":$(wc -c < "$FILE")}" | sed -n 's/.*"uploadToken":"\\([^"]*\\)".*/\\1/p')
curl -fsS "$at/$token/Chunks/?offset=0" -u "$NAME:$PASSWORD" -H 'Content-Type: application/octet-stream' --data-binary "@$FILE"
curl -fsS -X PUT "$at/$token/" -u "$NAME:$PASSWORD" -H 'Accept: application/json' \\
  -H 'Content-Type: application/vnd.bsn.complete.content.upload.arguments.201903+json' -d '{}'`,
  },
  commandSample('--as brightsign '),
];

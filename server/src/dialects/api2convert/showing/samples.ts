import { commandSample, type Sample } from '../../showing.js';

/** A job that converts `$FILE`; `conversion`: to what, as JSON. */
const job = (
  conversion: string,
): string => `job=$(curl -fsS "$BASE/v2/jobs" -u "$NAME:$PASSWORD" -d '{"conversion":[${conversion}]}')
id=$(echo "$job" | sed 's/.*"id":"\\([^"]*\\)","token".*/\\1/')
at=$(echo "$job" | sed 's/.*"server":"\\([^"]*\\)".*/\\1/')`;

export const samples: readonly Sample[] = [
  {
    title: 'A file into a zip archive',
    code: `${job('{"category":"archive","target":"zip"}')}
curl -fsS "$at/upload-file/$id" -u "$NAME:$PASSWORD" -F "file=@$FILE"
curl -fsS "$BASE/v2/jobs/$id" -u "$NAME:$PASSWORD"`,
  },
  {
    title: 'In chunks, here just one, for a checksum',
    code: `${job('{"category":"hash","target":"sha256"}')}
size=$(wc -c < "$FILE" | tr -d ' ')
curl -fsS "$at/upload-file/$id" -u "$NAME:$PASSWORD" -H 'X-Oc-Upload-Uuid: 1' -H "Content-Disposition: attachment; filename=\\"$(basename "$FILE")\\"" \\
  -H "Content-Range: bytes 0-$((size - 1))/$size" -H 'Content-Type: application/octet-stream' --data-binary "@$FILE"`,
  },
  commandSample('--as api2convert --convert archive/zip '),
];

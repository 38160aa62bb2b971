import type { Upload } from '../../engine/upload.js';
import type { Host } from '../dialect.js';
import { commandSample, type Sample, type Showing } from '../showing.js';
import { largest } from './create.js';
import { fileOf } from './messages.js';
import type { TusOptions } from './options.js';

/** What is told of uploads by tus. */
export const showing = (host: Host, options: TusOptions): Showing => ({
  name: (upload: Upload) => {
    const { name } = fileOf(upload);
    // A file whose name nobody told is called as its upload.
    return name === upload.id ? undefined : name;
  },
  intake: async (account) => ({ maxSize: largest({ host, options }, account), endings: null }),
});

/** `path`: where uploads are created, with a slash at both ends. */
export const samples = (path: string): readonly Sample[] => {
  const about = `-u "$NAME:$PASSWORD" -H 'Tus-Resumable: 1.0.0' -H "Upload-Length: $(wc -c < "$FILE" | tr -d ' ')" \\
  -H "Upload-Metadata: filename $(printf %s "$(basename "$FILE")" | base64 | tr -d '\\n')"`;
  const chunk = `-H 'Content-Type: application/offset+octet-stream' --data-binary "@$FILE"`;
  return [
    { title: 'A file in one request', code: `curl -fsS "$BASE${path}" ${about} \\\n  ${chunk}` },
    {
      title: 'An upload, and its first chunk',
      code: `at=$(curl -fsS -X POST "$BASE${path}" -D - -o /dev/null ${about} |
  tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')
curl -fsS -X PATCH "$at" -u "$NAME:$PASSWORD" -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' \\\n  ${chunk}`,
    },
    commandSample('', path),
  ];
};

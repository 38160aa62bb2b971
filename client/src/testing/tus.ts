import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, type Listening, listen } from './server.js';

/** One request as the fake server met it. */
export interface Met {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** What a test makes of a request: a status (with headers) instead of the protocol's answer, a cut, or nothing. */
export type Trouble =
  | { readonly status: number; readonly headers?: Record<string, string> }
  | { readonly keep: number }
  | undefined;

/** A tus server in memory that misbehaves on request. */
export interface FakeTus extends Listening {
  readonly met: Met[];
  readonly uploads: Map<string, { bytes: Buffer; length: number | null }>;
  /** Asked before each request is met. `keep` takes that many bytes of the body and cuts the connection. */
  trouble: (met: Met) => Trouble;
  /** Whether creation-with-upload is known. */
  withUpload: boolean;
}

export const fakeTus = async (): Promise<FakeTus> => {
  const uploads: FakeTus['uploads'] = new Map();
  const met: Met[] = [];
  const number = (header: string | string[] | undefined): number | null =>
    typeof header === 'string' ? Number(header) : null;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one: Met = { method: request.method ?? '', path: request.url ?? '', headers: request.headers };
    met.push(one);
    const trouble = fake.trouble(one);
    const upload = uploads.get(one.path);
    if (trouble !== undefined && 'keep' in trouble) {
      let left = trouble.keep;
      for await (const piece of request) {
        if (upload !== undefined) upload.bytes = Buffer.concat([upload.bytes, (piece as Buffer).subarray(0, left)]);
        left -= (piece as Buffer).length;
        if (left <= 0) break;
      }
      throw new Error('cut');
    }
    const body = await bodyOf(request);
    const say = (status: number, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'Tus-Resumable': '1.0.0', ...headers }).end();
    };
    if (trouble !== undefined) return say(trouble.status, trouble.headers);
    if (one.method === 'POST') {
      const path = `/files/${uploads.size}`;
      const joined = /^final;(.*)$/.exec(String(request.headers['upload-concat'] ?? ''))?.[1]?.split(' ');
      if (joined !== undefined) {
        const parts = joined.map((url) => uploads.get(new URL(url).pathname)?.bytes ?? Buffer.from('missing'));
        const bytes = Buffer.concat(parts);
        uploads.set(path, { bytes, length: bytes.length });
        return say(201, { Location: path });
      }
      const bytes = fake.withUpload ? body : Buffer.alloc(0);
      uploads.set(path, { bytes, length: number(request.headers['upload-length']) });
      return say(201, { Location: path, ...(fake.withUpload && { 'Upload-Offset': String(bytes.length) }) });
    }
    if (upload === undefined) return say(404);
    if (one.method === 'DELETE') {
      uploads.delete(one.path);
      return say(204);
    }
    if (one.method === 'PATCH') {
      if (number(request.headers['upload-offset']) !== upload.bytes.length) return say(409);
      upload.length ??= number(request.headers['upload-length']);
      upload.bytes = Buffer.concat([upload.bytes, body]);
      return say(204, { 'Upload-Offset': String(upload.bytes.length) });
    }
    const length: Record<string, string> =
      upload.length === null ? { 'Upload-Defer-Length': '1' } : { 'Upload-Length': String(upload.length) };
    return say(200, { 'Upload-Offset': String(upload.bytes.length), ...length });
  };

  const fake: FakeTus = { ...(await listen(answer)), met, uploads, trouble: () => undefined, withUpload: true };
  return fake;
};

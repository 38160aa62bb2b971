import { mirror } from '../../src/dialects/api2convert/conversions/mirror.js';
import { api2convertWith } from '../../src/dialects/api2convert/dialect.js';
import { as, type Server, serve } from '../memory-server.js';
import { type Asked, ask, askAndHangUp } from './request.js';
import type { Answer, Chunk, Teller, Telling } from './story.js';

const teller = (server: Server, account: string): Teller => {
  const jobs = `${server.url}/v2/jobs`;
  const json = { ...as(account), 'content-type': 'application/json' };
  const asking = (method: string, url: string, body?: object): Asked => ({
    method,
    url,
    headers: json,
    ...(body && { body: Buffer.from(JSON.stringify(body)) }),
  });

  /** An upload is told by its job and its size. */
  const uploadOf = (upload: string) => {
    const [id = '', size = '10'] = upload.split(' ');
    const headers = { ...as(account), 'x-oc-upload-uuid': 'story' };
    return { id, size: Number(size), url: `${server.url}/v2/dl/web1/upload-file/${id}`, headers };
  };
  const chunkOf = (upload: string, { offset, bytes }: Chunk): Asked => {
    const { url, size, headers } = uploadOf(upload);
    const range = `bytes ${offset}-${offset + bytes.length - 1}/${size}`;
    const about = { ...headers, 'content-range': range, 'content-type': 'application/octet-stream' };
    return { method: 'POST', url, headers: about, body: bytes };
  };
  /** The status of the job, or that of an answer that says no. */
  const stateOf = async (asked: Asked): Promise<Answer> => {
    const { status, body } = await ask(asked);
    return status === 200 ? JSON.parse(body).status.code : status;
  };

  return {
    begin: async ({ size }) => {
      const { body } = await ask(asking('POST', jobs, { process: false, conversion: [{ target: 'mirror' }] }));
      return `${JSON.parse(body).id} ${size}`;
    },
    send: async (upload, chunk) => (await ask(chunkOf(upload, chunk))).status,
    cut: (upload, chunk, after) => askAndHangUp(chunkOf(upload, chunk), after),
    look: async (upload) => {
      const { url, headers } = uploadOf(upload);
      const { status, body } = await ask({ method: 'GET', url, headers });
      const { completed, received, size, message } = JSON.parse(body);
      if (status !== 200) return message;
      return completed === true ? size : received;
    },
    // The last byte makes an upload an input; what is said at the end is that the job may start.
    finish: async (upload) => stateOf(asking('PATCH', `${jobs}/${uploadOf(upload).id}`, { process: true })),
    cancel: async (upload) => (await ask(asking('DELETE', `${jobs}/${uploadOf(upload).id}`))).status,
  };
};

/** API2Convert: a status for uploads, and that of the job at the end. */
export const api2convertTelling: Telling = { serve: () => serve({ dialect: api2convertWith(() => [mirror]) }), teller };

import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { call, desktop, formOf, formType, post, textOf } from '../fourshared/desktop.js';
import { type Server, serve } from '../memory-server.js';
import { askAndHangUp } from './request.js';
import type { Teller, Telling } from './story.js';

/** Starts of a server's uploads, one after the other: files have their ids from then on, and so their order. */
const starts = new WeakMap<Server, Promise<unknown>>();

/** A word that is no id, as an id that nothing has. */
const idOf = (upload: string): string => (/^\d+$/.test(upload) ? upload : '1000099999');

const teller = (server: Server, account: string): Teller => {
  const client = desktop(server.url, account);
  /** MD5s of other bytes, where the story has a wrong checksum. */
  const digests = new Map<string, string>();
  let form: Promise<string> | undefined;
  const formUrl = (): Promise<string> => {
    form ??= client.formUrl();
    return form;
  };
  return {
    begin: async ({ size, sha1 }) => {
      const begun = (starts.get(server) ?? Promise.resolve()).then(() => client.start('film.bin', size));
      starts.set(server, begun);
      const upload = String(await begun);
      if (sha1 !== undefined) digests.set(upload, sha1.slice(0, 32));
      return upload;
    },
    send: async (upload, { offset, bytes }) =>
      (await post(await formUrl(), { file: idOf(upload), first: offset, bytes })).status,
    cut: async (upload, { offset, bytes }, after) => {
      const body = formOf({ file: idOf(upload), first: offset, bytes });
      const asked = { method: 'POST', url: await formUrl(), headers: { 'content-type': formType() }, body };
      await askAndHangUp(asked, body.indexOf(bytes) + after);
    },
    look: async (upload) => {
      const { body } = await call(server.url, 'getFileInfo', [account, 'secret', idOf(upload)]);
      return textOf(body, 'empty') === 'true' ? 'nothing' : Number(textOf(body, 'size'));
    },
    finish: async (upload) => (await client.finish(Number(idOf(upload)), digests.get(upload))) || 'finished',
    cancel: async (upload) => (await client.ask('uploadCancelFile', Number(idOf(upload)))) || 'cancelled',
  };
};

/** 4shared: the status of a part, or the message of a finish. */
export const foursharedTelling: Telling = { serve: () => serve({ dialect: fourshared }), teller };

import type { Answer, Args, Desk } from './desk.js';
import { sha1 } from './desk.js';

/** A file of a web page, as its client has it. */
export interface PageFile {
  readonly name: string;
  /** `css\`; the page's own folder where it is not told. */
  readonly path?: string;
  readonly bytes: Buffer;
}

/** An asset's arguments. */
export const assetArgs = ({ name, path = '\\', bytes }: PageFile): Args => ({
  FileName: name,
  FileSize: bytes.length,
  SHA1Hash: sha1(bytes),
  RelativePath: path,
});

/** A web page on its way: its tokens, the assets' in the order in which they were announced. */
export interface Announced {
  readonly session: string;
  readonly page: string;
  readonly assets: readonly string[];
}

/** The tokens of a session's status: those of the assets come first, as `Assets` is no member of the base class. */
export const tokensOf = (answer: Answer): Announced => {
  const [assets = ''] = /<(?:\w+:)?Assets[ >].*<\/(?:\w+:)?Assets>/s.exec(answer.xml) ?? [];
  const own = answer.xml.replace(assets, '');
  const texts = (xml: string) => [...xml.matchAll(/<(?:\w+:)?UploadToken>([^<]*)</g)].map(([, token = '']) => token);
  return { session: answer.get('SessionToken') ?? '', page: texts(own)[0] ?? '', assets: texts(assets) };
};

/** What a page does over a desk. */
export const pagesOf = (desk: Desk) => {
  const { start, append, complete, startSession, completeSession } = desk;
  const html = (text: string): PageFile => ({ name: 'index.html', bytes: Buffer.from(text) });

  /** Starts, sends and completes one file of a session. */
  const sendFile = async (session: string, token: string, file: PageFile, args: Args = {}, type?: string) => {
    const tokens = { SessionToken: session, UploadToken: token, ...args };
    const facts = { FileName: file.name, FileSize: file.bytes.length, SHA1Hash: sha1(file.bytes) };
    const started = await start({ ...facts, ...tokens }, undefined, type);
    if (started.fault) return started;
    if (file.bytes.length > 0) await append(token, 0, file.bytes, undefined, session);
    return complete({ ...facts, ...tokens }, undefined, type);
  };

  const announce = async (page: PageFile, assets: readonly PageFile[], args: Args = {}, type?: string) => {
    const facts = { FileName: page.name, FileSize: page.bytes.length };
    return tokensOf(await startSession({ ...facts, ...args }, assets.map(assetArgs), type));
  };

  /** Brings a page and its assets up, and gives its id and those of its assets. */
  const bring = async (page: PageFile, assets: readonly PageFile[], args: Args = {}) => {
    const announced = await announce(page, assets, args);
    await sendFile(announced.session, announced.page, page);
    for (const [index, asset] of assets.entries())
      await sendFile(announced.session, announced.assets[index] ?? '', asset);
    const done = await completeSession({ SessionToken: announced.session });
    if (done.fault) throw new Error(done.fault);
    return { ...announced, done, ...idsOf(done) };
  };

  return { html, sendFile, announce, bring };
};

/** The content ids of a completed session's status. */
export const idsOf = (answer: Answer): { id: string; assetIds: string[] } => {
  const [assets = ''] = /<(?:\w+:)?Assets[ >].*<\/(?:\w+:)?Assets>/s.exec(answer.xml) ?? [];
  const texts = (xml: string) => [...xml.matchAll(/<(?:\w+:)?ContentId>([^<]*)</g)].map(([, id = '']) => id);
  return { id: texts(answer.xml.replace(assets, ''))[0] ?? '', assetIds: texts(assets) };
};

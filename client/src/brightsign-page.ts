import type { BrightSignOptions } from './brightsign.js';
import { argumentsOf, endpointOf, openService, sendChunks } from './brightsign-service.js';
import type { UploadState } from './dialect.js';
import { refuseIfAborted, UploadError } from './errors.js';
import { authorization } from './http.js';
import { inParallel, turns } from './parallel.js';
import { type Lane, openMeter } from './progress.js';
import { type Range, total } from './ranges.js';
import { connect } from './session.js';
import type { Members } from './soap.js';
import { type Source, toSource, type UploadInput } from './source.js';
import { type Element, textOf } from './xml.js';

/** A file of a web page. */
export interface WebPageFile {
  /** From the page's HTML file: `css/style.css`. */
  readonly path: string;
  readonly input: UploadInput;
}

/** What the upload of a web page may be told, beside what that of a file may. Chunks of all files together are `parallel`. */
export interface WebPageOptions extends BrightSignOptions {
  /** The page's name; a page that has it already is updated. That of the HTML file without its ending, if it is left out. */
  readonly name?: string;
  /** The page to update. */
  readonly webPageId?: string;
}

/** An unfinished web page, to be gone on with. */
export interface WebPageState extends UploadState {
  readonly dialect: 'brightsign-page';
  readonly session: string;
}

/** What became of a web page. */
export interface WebPageFinished {
  readonly webPageId: string;
  /** Bytes of all files. */
  readonly size: number;
  /** Bytes that were sent. */
  readonly sent: number;
  /** Paths of the assets that the server had already. */
  readonly kept: readonly string[];
}

interface Part extends WebPageFile {
  readonly source: Source;
  readonly fileName: string;
  /** With backslashes, one at the end. */
  readonly relativePath: string;
  readonly lane: Lane;
}

/** A file's place in a session: its token, and how it stands. */
interface Place {
  readonly token: string;
  readonly state: string;
  readonly fileName: string;
}

const placesOf = (status: Element): [Place, ...Place[]] => {
  const place = (element: Element): Place => ({
    token: textOf(element, 'UploadToken') ?? '',
    state: textOf(element, 'State') ?? '',
    fileName: textOf(element, 'FileName') ?? '',
  });
  const assets = status.children.find(({ name }) => name === 'Assets')?.children ?? [];
  return [place(status), ...assets.map(place)];
};

const partOf = ({ path, input }: WebPageFile, lane: Lane): Part => {
  const names = path.split(/[\\/]+/).filter((name) => name !== '');
  const fileName = names.pop() ?? '';
  return { path, input, source: toSource(input), fileName, relativePath: `${names.join('\\')}\\`, lane };
};

/** A session is known by its token alone. */
const nothing = { name: null, size: null, lastModified: null };

const isState = (value: unknown): value is WebPageState =>
  typeof value === 'object' &&
  value !== null &&
  'session' in value &&
  typeof value.session === 'string' &&
  'dialect' in value &&
  value.dialect === 'brightsign-page';

/**
 * Uploads an HTML file and its assets as a web page, several files and chunks at once. Where the page is updated, assets
 * that the server says it has are not sent. A failure leaves the session on the server: with `state`, what `onState` was
 * told, it is gone on with. Rejects with an `UploadError`.
 */
export const uploadWebPage = async (
  html: WebPageFile,
  assets: readonly WebPageFile[],
  options: WebPageOptions,
): Promise<WebPageFinished> => {
  const endpoint = endpointOf(options);
  const { apiKey, chunkSize = 1024 * 1024, parallel = 3 } = options;
  const { send, retry } = connect(options, endpoint, apiKey === undefined ? {} : authorization({ apiKey }));
  const service = openService(options, { endpoint, send, retry });
  const run = options.signal ?? new AbortController().signal;
  const meter = openMeter(
    () => size(),
    (progress) => options.onProgress?.(progress),
  );
  const parts = [html, ...assets].map((file) => partOf(file, meter.lane()));
  const size = (): number => parts.reduce((sum, { source }) => sum + (source.size ?? 0), 0);
  const turn = turns(parallel);
  const kept: string[] = [];
  let sent = 0;

  const facts = (part: Part, isPage: boolean, more: Members = {}): Members => ({
    ...argumentsOf({
      source: part.source,
      fileName: part.fileName,
      chunkSize,
      ...(isPage && { contentType: 'WebPage' }),
      ...(isPage && options.virtualPath !== undefined && { virtualPath: options.virtualPath }),
    }),
    ...more,
  });

  const pageArguments = (session: string | null): Members => {
    const [page, ...rest] = parts;
    if (!page) throw new UploadError('refused', 'A web page has an HTML file.');
    const list = rest.map((asset) => ({
      WebPageAssetUploadArguments: facts(asset, false, { RelativePath: asset.relativePath }),
    }));
    return {
      '@type': options.webPageId === undefined ? 'WebPageUploadArguments' : 'WebPageUpdateArguments',
      ...facts(page, true, { SessionToken: session }),
      Assets: list,
      Name: options.name ?? null,
      ...(options.webPageId !== undefined && { WebPageId: options.webPageId }),
    };
  };

  /** The session that a stored state names, if it is of these files and still open. */
  const resume = async (): Promise<Element | undefined> => {
    const { state } = options;
    if (!isState(state) || state.endpoint !== endpoint) return undefined;
    const status = await service.call('GetWebPageUploadStatus', { sessionToken: state.session }, run);
    const over = ['', 'Cancelled', 'Terminated'].includes(textOf(status, 'State') ?? '');
    const names = over ? [] : placesOf(status).map(({ fileName }) => fileName);
    return names.join('\n') === parts.map(({ fileName }) => fileName).join('\n') ? status : undefined;
  };

  /** Does what `work` does, unless the file turns out to be complete: a call that was cut may have been carried out since. */
  const unlessComplete = async (token: string, work: () => Promise<void>, signal: AbortSignal): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UploadError) || error.kind !== 'refused') throw error;
      const status = await service.call('GetFileUploadStatus', { uploadToken: token }, signal);
      if (textOf(status, 'State') !== 'Completed') throw error;
    }
  };

  /** Sends a file, unless the server says that it has it. */
  const sendPart = async (part: Part, place: Place, session: string, isPage: boolean, signal: AbortSignal) => {
    const { source, lane } = part;
    const done = () => {
      lane.begin(source.size ?? 0);
    };
    if (place.state === 'Completed') return done();
    if (place.state === 'Cancelled') {
      kept.push(part.path);
      return done();
    }
    const sha1 = await turn(() => source.sha1());
    const tokens = { SHA1Hash: sha1, SessionToken: session, UploadToken: place.token };
    const args = isPage
      ? facts(part, true, tokens)
      : {
          '@type': 'WebPageAssetUploadArguments',
          ...facts(part, false, { ...tokens, RelativePath: part.relativePath }),
        };
    const started = await turn(() => service.call('StartFileUpload', { args }, signal));
    if (started.children.some(({ name, children }) => name === 'MatchingFiles' && children.length > 0)) {
      await turn(() => service.call('CancelFileUpload', { uploadToken: place.token }, signal));
      kept.push(part.path);
      return done();
    }
    let confirmed: readonly Range[] = [];
    const chunks = {
      ...{ source, token: place.token, session, chunkSize, parallel, turn },
      confirmed: () => confirmed,
      confirm: (ranges: readonly Range[]) => {
        sent += total(ranges) - total(confirmed);
        confirmed = ranges;
        lane.confirm(total(ranges));
      },
    };
    await sendChunks(service, chunks, signal);
    await source.unchanged();
    await turn(() => service.call('CompleteFileUpload', { args }, signal));
  };

  try {
    refuseIfAborted(run);
    const status =
      (await resume()) ?? (await service.call('StartWebPageUploadSession', { args: pageArguments(null) }, run));
    const session = textOf(status, 'SessionToken');
    if (session === null)
      throw new UploadError('refused', 'StartWebPageUploadSession: the answer holds no SessionToken.');
    const state: WebPageState = { dialect: 'brightsign-page', endpoint, session, source: nothing };
    options.onState?.(state);
    const places = placesOf(status);
    let next = 0;
    await inParallel(Math.min(parallel, parts.length), run, async (_, signal) => {
      for (let index = next++; index < parts.length; index = next++) {
        const [part, place] = [parts[index], places[index]];
        if (!part || !place) throw new UploadError('refused', 'The server did not give every file an upload token.');
        const send = () => sendPart(part, place, session, index === 0, signal);
        await unlessComplete(place.token, send, signal);
      }
    });
    const finished = await service.call('CompleteWebPageUploadSession', { args: pageArguments(session) }, run);
    return { webPageId: textOf(finished, 'ContentId') ?? '', size: size(), sent, kept: kept.sort() };
  } finally {
    await Promise.all(parts.map(({ source }) => source.close()));
  }
};

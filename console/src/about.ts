import { byId, copyButton, make } from './dom.js';
import { duration } from './words.js';

/** What `/api/about` says. */
export interface About {
  readonly name: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly dialects: readonly DialectAbout[];
}

interface DialectAbout {
  readonly name: string;
  readonly title: string;
  readonly doc: string;
  readonly endpoints: readonly { readonly url: string; readonly what: string }[];
}

/** Asks the server what it is. Rejects where it does not answer. */
export const ask = async (): Promise<About> => {
  const answer = await fetch('api/about', { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
};

/** Where tus uploads are created, or null where the server does not speak tus. */
export const tusEndpoint = ({ dialects }: About): string | null => {
  const listed = dialects.find(({ name }) => name === 'tus')?.endpoints[0]?.url;
  if (listed === undefined) return null;
  const url = new URL(listed, document.baseURI);
  // Behind a proxy the server may not know that the page came by https.
  if (url.host === location.host) url.protocol = location.protocol;
  return url.href;
};

const card = ({ title, doc, endpoints }: DialectAbout): HTMLElement =>
  make(
    'article',
    { className: 'card' },
    make('h3', { text: title }),
    make('p', { text: doc }),
    make(
      'ul',
      { className: 'endpoints' },
      ...endpoints.map(({ url, what }) =>
        make(
          'li',
          {},
          make('span', { text: what }),
          make('div', { className: 'address' }, make('code', { text: url }), copyButton(url, what)),
        ),
      ),
    ),
  );

/** Shows what the server is and where it listens. */
export const show = ({ name, version, uptimeSeconds, dialects }: About): void => {
  document.title = name;
  byId('server-name', HTMLSpanElement).textContent = name;
  const status = byId('server-status', HTMLParagraphElement);
  status.textContent = `Version ${version} · up for ${duration(Math.max(1, uptimeSeconds))}`;
  status.className = 'up';
  byId('dialects', HTMLDivElement).replaceChildren(...dialects.map(card));
};

/** Shows that the server does not answer. */
export const showDown = (): void => {
  const status = byId('server-status', HTMLParagraphElement);
  status.textContent = 'The server does not answer';
  status.className = 'down';
};

import type { DialectAbout, Sample } from 'longshore/api';
import { IconLink } from '../ui/button.js';
import { Copy } from '../ui/copy.js';
import { words } from '../words/en.js';
import { isReadable } from './links.js';

const { protocols } = words;

const Address = ({ url, what }: DialectAbout['endpoints'][number]) => (
  <li class="address">
    <p class="small">{what}</p>
    <div class="copyable">
      <code>{url}</code>
      <Copy small text={url} what={protocols.addressOf(what)} />
      {isReadable(url, what) && <IconLink href={url} icon="external" label={protocols.openWhat(what)} newTab />}
    </div>
  </li>
);

const SampleCode = ({ dialect, title, code }: Sample & { readonly dialect: string }) => (
  <figure class="sample">
    <figcaption class="small">{title}</figcaption>
    <div class="code">
      {/* A long line is scrolled by the keyboard too. */}
      <pre tabIndex={0} role="region" aria-label={`${dialect}: ${title}`}>
        {code}
      </pre>
      <Copy small text={code} what={protocols.sampleOf(title)} />
    </div>
  </figure>
);

/** A protocol: what it is, where it is spoken, and what to copy to try it. */
export const DialectCard = ({ dialect }: { readonly dialect: DialectAbout }) => {
  const { name, title, doc, endpoints, samples } = dialect;
  const id = `protocol-${name}`;
  return (
    <article class="card protocol" aria-labelledby={id}>
      <header>
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        <code class="soft">{name}</code>
      </header>
      <p>{doc}</p>
      <div class="protocol-parts">
        <section class="stack" aria-label={`${title}: ${protocols.addresses}`}>
          <h3>{protocols.addresses}</h3>
          <ul class="addresses">
            {endpoints.map((endpoint) => (
              <Address key={`${endpoint.url} ${endpoint.what}`} {...endpoint} />
            ))}
          </ul>
        </section>
        {samples.length > 0 && (
          <section class="stack" aria-label={`${title}: ${protocols.samples}`}>
            <h3>{protocols.samples}</h3>
            {samples.map((sample) => (
              <SampleCode key={sample.title} dialect={title} {...sample} />
            ))}
          </section>
        )}
      </div>
    </article>
  );
};

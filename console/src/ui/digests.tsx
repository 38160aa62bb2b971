import { Copy } from './copy.js';

/** Digests by algorithm, each to be copied. */
export const Digests = ({ digests }: { readonly digests: Readonly<Record<string, string>> }) => (
  <dl class="digests">
    {Object.entries(digests).map(([algorithm, value]) => (
      <div key={algorithm}>
        <dt>{algorithm}</dt>
        <dd class="copyable">
          <code>{value}</code>
          <Copy small text={value} what={`${algorithm} ${value.slice(0, 8)}`} />
        </dd>
      </div>
    ))}
  </dl>
);

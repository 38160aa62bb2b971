import type { ComponentChildren } from 'preact';

/** Facts by name; those that are undefined are left out. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren | undefined])[] }) => (
  <dl class="facts">
    {facts.map(([name, value]) =>
      value === undefined ? null : (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ),
    )}
  </dl>
);

import { useComputed } from '@preact/signals';
import { dialectTitle } from '../server/about.js';
import { isAdmin } from '../server/session.js';
import { Field, Select, Switch } from '../ui/field.js';
import { words } from '../words/en.js';
import { filter, present, sort } from './list-order.js';
import { type Filter, sortKeys } from './order.js';

const { live } = words;

const set = (change: Partial<Filter>): void => {
  filter.value = { ...filter.value, ...change };
};

// One that is chosen stays to be seen when its last upload has gone.
const options = (all: string, names: readonly string[], chosen: string, textOf = (name: string): string => name) => [
  { value: '', text: all },
  ...[...new Set([...names, ...(chosen === '' ? [] : [chosen])])].map((value) => ({ value, text: textOf(value) })),
];

/** Chooses which live uploads are shown, and in which order. */
export const LiveFilters = () => {
  const { text, dialect, owner, stuckOnly } = filter.value;
  const { owners, dialects } = useComputed(() => present.value).value;
  return (
    <search class="filters">
      <div class="field grow">
        <Field
          label={live.filter.text}
          type="search"
          value={text}
          placeholder={live.filter.textHint}
          exact
          onInput={(value) => set({ text: value })}
        />
      </div>
      <Select
        label={live.filter.dialect}
        value={dialect}
        options={options(live.filter.allDialects, dialects, dialect, dialectTitle)}
        onChange={(value) => set({ dialect: value })}
      />
      {isAdmin() && (
        <Select
          label={live.filter.owner}
          value={owner}
          options={options(live.filter.allOwners, owners, owner)}
          onChange={(value) => set({ owner: value })}
        />
      )}
      <Select
        label={live.filter.sort}
        value={sort.value}
        options={sortKeys.map((value) => ({ value, text: words.sorts[value] }))}
        onChange={(value) => {
          sort.value = value;
        }}
      />
      <Switch label={live.filter.stuckOnly} checked={stuckOnly} onChange={(checked) => set({ stuckOnly: checked })} />
    </search>
  );
};

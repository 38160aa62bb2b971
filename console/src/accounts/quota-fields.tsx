import { Field, Select, Switch } from '../ui/field.js';
import { words } from '../words/en.js';
import { type QuotaEntry, quotaUnits } from './quota.js';

const { form } = words.accounts;

interface QuotaFieldsProps {
  readonly entry: QuotaEntry;
  readonly onChange: (entry: QuotaEntry) => void;
  readonly problem: string | undefined;
}

/** Asks how much an account may keep. */
export const QuotaFields = ({ entry, onChange, problem }: QuotaFieldsProps) => (
  <div class="stack">
    <Switch label={form.limited} checked={entry.limited} onChange={(limited) => onChange({ ...entry, limited })} />
    {entry.limited && (
      <div class="quota">
        <Field
          label={form.quota}
          value={entry.amount}
          keys="decimal"
          problem={problem}
          onInput={(amount) => onChange({ ...entry, amount })}
        />
        <Select
          label={form.unit}
          value={entry.unit}
          options={quotaUnits.map((value) => ({ value, text: value }))}
          onChange={(unit) => onChange({ ...entry, unit })}
        />
      </div>
    )}
  </div>
);

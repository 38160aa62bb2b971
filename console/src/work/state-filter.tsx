import type { WorkState } from 'longshore/api';
import { Select } from '../ui/field.js';
import { words } from '../words/en.js';

/** A state, or all of them. */
export type StateChoice = WorkState | 'all';

const states: readonly WorkState[] = ['waiting', 'running', 'done', 'failed', 'cancelled'];

interface StateFilterProps {
  readonly value: StateChoice;
  readonly onChange: (value: StateChoice) => void;
}

/** Chooses which states are shown. */
export const StateFilter = ({ value, onChange }: StateFilterProps) => (
  <Select
    label={words.work.state}
    value={value}
    options={[
      { value: 'all', text: words.work.allStates },
      ...states.map((state) => ({ value: state, text: words.workStates[state] })),
    ]}
    onChange={onChange}
  />
);

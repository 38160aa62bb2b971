import type { ComponentChildren, Ref } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password' | 'search';
  /** Which keys a phone shows. */
  readonly keys?: 'decimal' | 'tel';
  readonly hint?: ComponentChildren;
  /** What is wrong with what was entered; told to screen readers with the field. */
  readonly problem?: string | undefined;
  readonly autocomplete?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** Names and keys: no capitals, no correction. */
  readonly exact?: boolean;
  /** Shows the label to screen readers only. */
  readonly bare?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}

// JSX knows inputs by their type, one by one.
const kinds = { text: { type: 'text' }, password: { type: 'password' }, search: { type: 'search' } } as const;

/** A line to enter text, with its label, a hint, and what is wrong with it. */
export const Field = (props: FieldProps) => {
  const id = useId();
  const { label, value, onInput, type = 'text', hint, problem, bare = false, exact = false, inputRef } = props;
  const told = [hint !== undefined && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div class={`field ${problem ? 'wrong' : ''}`}>
      <label for={id} class={bare ? 'unseen' : undefined}>
        {label}
      </label>
      <input
        id={id}
        ref={inputRef ?? null}
        {...kinds[type]}
        value={value}
        autocomplete={props.autocomplete ?? 'off'}
        placeholder={props.placeholder}
        required={props.required}
        disabled={props.disabled}
        autocapitalize={exact ? 'none' : undefined}
        spellcheck={!exact}
        inputMode={props.keys}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={told === '' ? undefined : told}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
};

interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
  readonly hint?: string;
  readonly bare?: boolean;
  readonly disabled?: boolean;
}

/** A choice of one of several. */
export const Select = <Value extends string>(props: SelectProps<Value>) => {
  const id = useId();
  const { label, value, options, onChange, hint, bare = false, disabled = false } = props;
  return (
    <div class="field">
      <label for={id} class={bare ? 'unseen' : undefined}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => {
          const chosen = options.find((option) => option.value === currentTarget.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string;
}

/** Something that is on or off, at once. */
export const Switch = ({ label, checked, onChange, hint }: SwitchProps) => {
  const id = useId();
  return (
    <div class="switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={checked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
  /** Shows the label to screen readers only. */
  readonly bare?: boolean;
}

/** A choice of one of few, all in sight. */
export const Choice = <Value extends string>({ label, value, options, onChange, bare = false }: ChoiceProps<Value>) => {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class={bare ? 'unseen' : undefined}>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
};

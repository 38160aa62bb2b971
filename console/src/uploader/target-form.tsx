import { useEffect, useRef, useState } from 'preact/hooks';
import { about } from '../server/about.js';
import { Button } from '../ui/button.js';
import { Field, Select } from '../ui/field.js';
import { words } from '../words/en.js';
import { conversions, findConversions } from './conversions.js';
import type { ProtocolName } from './item.js';
import { endpointsOf, type Field as ProtocolField, protocols } from './protocols.js';
import { chooseProtocol, offered, target, tell } from './target.js';

const texts = words.uploader;

/** Chooses what a file is converted to, from what the server can do. */
const Conversion = ({ value }: { readonly value: string }) => {
  useEffect(() => {
    const endpoint = endpointsOf(about.peek(), new URL(location.href)).api2convert;
    // Without the list nothing can be chosen, and files are uploaded as they are.
    if (endpoint !== undefined && conversions.peek().length === 0) findConversions(endpoint).catch(() => undefined);
  }, []);
  const options = conversions.value.flatMap(({ category, targets }) =>
    targets.map((name) => ({ value: `${category}/${name}`, text: texts.conversion(name, category) })),
  );
  return (
    <Select
      label={texts.fields.convert}
      value={value}
      options={[{ value: '', text: texts.noConversion }, ...options]}
      onChange={(chosen) => tell('convert', chosen)}
    />
  );
};

interface FieldProps {
  readonly field: ProtocolField;
  readonly value: string;
  /** It is wanted and was not filled in; rises with each time that was found. */
  readonly missed: number;
}

const Told = ({ field, value, missed }: FieldProps) => {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (missed > 0) input.current?.focus();
  }, [missed]);
  if (field.type === 'conversion') return <Conversion value={value} />;
  return (
    <Field
      label={texts.fields[field.name]}
      value={value}
      onInput={(text) => tell(field.name, text)}
      exact
      inputRef={input}
      {...(field.placeholder !== undefined && { placeholder: field.placeholder })}
      {...(field.type === 'tel' && { keys: 'tel' as const })}
      {...(field.required === true && { required: true })}
      problem={missed > 0 && value.trim() === '' ? texts.fieldMissing : undefined}
    />
  );
};

/** Chooses the protocol that new uploads go by, and what it is told. `missed`: see `FieldProps`. */
export const TargetForm = ({ missed }: { readonly missed: number }) => {
  const { protocol, values } = target.value;
  const [open, setOpen] = useState(protocol !== 'tus');
  const { fields, keepsFolders } = protocols[protocol];
  const { title, hint } = texts.protocols[protocol];
  if (!open)
    return (
      <p class="target-line soft small">
        {texts.sentBy(title)}
        <Button kind="quiet" onClick={() => setOpen(true)}>
          {texts.changeProtocol}
        </Button>
      </p>
    );
  return (
    <div class="target">
      <div class="target-fields">
        <Select
          label={texts.protocol}
          value={protocol}
          options={offered.value.map((value: ProtocolName) => ({ value, text: texts.protocols[value].title }))}
          onChange={chooseProtocol}
        />
        {fields.map((field) => (
          <Told key={`${protocol}-${field.name}`} field={field} value={values[field.name] ?? ''} missed={missed} />
        ))}
      </div>
      <p class="soft small">{keepsFolders ? hint : `${hint} ${texts.noFolders}`}</p>
    </div>
  );
};

import type { ApiKey, MadeApiKey } from 'longshore/api';
import { useState } from 'preact/hooks';
import { api } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { toast } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { Copy } from '../ui/copy.js';
import { Confirm } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { ProblemNote } from '../ui/problem.js';
import { Day } from '../ui/values.js';
import { words } from '../words/en.js';

const { keyList } = words.accounts;

const labelOf = ({ label }: ApiKey): string => (label === '' ? keyList.unlabelled : label);

const MadeKey = ({ made }: { readonly made: MadeApiKey }) => (
  <div class="made-key note good" role="status">
    <p>{keyList.made}</p>
    <div class="copyable">
      <code>{made.secret}</code>
      <Copy text={made.secret} what={keyList.secret} />
    </div>
  </div>
);

const KeyRow = ({ entry, onRemove }: { readonly entry: ApiKey; readonly onRemove: () => void }) => (
  <li class="key">
    <Icon name="key" />
    <div>
      <p class="wrap">{labelOf(entry)}</p>
      <p class="soft small">
        <Day at={entry.createdAt} />
      </p>
    </div>
    <Button kind="quiet" icon="trash" label={keyList.removeWhat(labelOf(entry))} onClick={onRemove}>
      {keyList.remove}
    </Button>
  </li>
);

interface KeysProps {
  readonly name: string;
  /** Called when keys were made or removed. */
  readonly onChange?: () => void;
}

/** The API keys of an account: a new one is shown once, an old one can be removed. */
export const Keys = ({ name, onChange }: KeysProps) => {
  const { data, error, reload } = useLoad(() => api.keys(name), name);
  const [label, setLabel] = useState('');
  const [made, setMade] = useState<MadeApiKey>();
  const [removing, setRemoving] = useState<ApiKey | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();

  const run = (act: Promise<unknown>): void => {
    setBusy(true);
    setProblem(undefined);
    act
      .then(() => {
        reload();
        onChange?.();
      }, setProblem)
      .finally(() => setBusy(false));
  };
  const make = (event: Event): void => {
    event.preventDefault();
    if (busy) return;
    run(
      api.addKey(name, label.trim()).then((key) => {
        setMade(key);
        setLabel('');
      }),
    );
  };
  const remove = ({ id }: ApiKey): void =>
    run(
      api.removeKey(name, id).then(() => {
        setRemoving(null);
        if (made?.id === id) setMade(undefined);
        toast(keyList.removed);
      }),
    );

  return (
    <div class="stack">
      <p class="soft small">{keyList.hint}</p>
      {error && <ProblemNote error={error} onRetry={reload} />}
      {data?.keys.length === 0 && <p>{keyList.none}</p>}
      {data !== undefined && data.keys.length > 0 && (
        <ul class="keys" aria-label={keyList.table}>
          {data.keys.map((entry) => (
            <KeyRow key={entry.id} entry={entry} onRemove={() => setRemoving(entry)} />
          ))}
        </ul>
      )}
      {made && <MadeKey made={made} />}
      <form class="new-key" onSubmit={make}>
        <Field label={keyList.label} hint={keyList.labelHint} value={label} onInput={setLabel} />
        <Button icon="plus" type="submit" busy={busy}>
          {keyList.make}
        </Button>
      </form>
      {problem && <ProblemNote error={problem} />}
      {removing !== null && (
        <Confirm
          title={keyList.removeWhat(labelOf(removing))}
          action={keyList.remove}
          busy={busy}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
        >
          <p>{keyList.sure}</p>
        </Confirm>
      )}
    </div>
  );
};

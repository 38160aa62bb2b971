import type { Account, RoleName } from 'longshore/api';
import { useState } from 'preact/hooks';
import { api } from '../server/api.js';
import { toast } from '../ui/announcer.js';
import { Field, Select } from '../ui/field.js';
import { words } from '../words/en.js';
import { FormDialog } from './form-dialog.js';
import { toEntry, toQuota } from './quota.js';
import { QuotaFields } from './quota-fields.js';

const { accounts } = words;
const { form } = accounts;

const roleNames: readonly RoleName[] = ['admin', 'uploader', 'contributor', 'viewer'];

interface AccountFormProps {
  /** The account that is changed; null: a new one. */
  readonly account: Account | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Adds an account, or changes one's role and quota. */
export const AccountForm = ({ account, onDone, onClose }: AccountFormProps) => {
  const [name, setName] = useState(account?.name ?? '');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<RoleName>(account?.role ?? 'uploader');
  const [before] = useState(() => toEntry(account?.quota ?? null));
  const [entry, setEntry] = useState(before);
  const [tried, setTried] = useState(false);
  // One that nobody touched stays what it is, to the byte.
  const quota = account !== null && entry === before ? account.quota : toQuota(entry);

  const submit = (): Promise<unknown> | undefined => {
    setTried(true);
    if (quota === undefined || (account === null && (name.trim() === '' || password === ''))) return undefined;
    const done =
      account === null
        ? api.addAccount({ name: name.trim(), password, role, quota })
        : api.changeAccount(account.name, { role, quota });
    return done.then(() => toast(account === null ? accounts.added(name.trim()) : accounts.changed(name)));
  };

  return (
    <FormDialog
      title={account === null ? form.addTitle : form.editTitle(account.name)}
      action={account === null ? form.add : form.save}
      onSubmit={submit}
      onDone={onDone}
      onClose={onClose}
    >
      {account === null && (
        <>
          <Field
            label={form.name}
            value={name}
            hint={form.nameHint}
            exact
            required
            problem={tried && name.trim() === '' ? form.nameMissing : undefined}
            onInput={setName}
          />
          <Field
            label={form.password}
            type="password"
            value={password}
            hint={form.passwordHint}
            autocomplete="new-password"
            required
            problem={tried && password === '' ? form.passwordMissing : undefined}
            onInput={setPassword}
          />
        </>
      )}
      <Select
        label={form.role}
        value={role}
        hint={form.roleHints[role]}
        options={roleNames.map((value) => ({ value, text: words.roles[value] }))}
        onChange={setRole}
      />
      <QuotaFields
        entry={entry}
        onChange={setEntry}
        problem={tried && quota === undefined ? form.quotaWrong : undefined}
      />
    </FormDialog>
  );
};

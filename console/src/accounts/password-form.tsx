import { useState } from 'preact/hooks';
import { api } from '../server/api.js';
import { toast } from '../ui/announcer.js';
import { Field } from '../ui/field.js';
import { words } from '../words/en.js';
import { FormDialog } from './form-dialog.js';

const { accounts } = words;
const { passwordForm } = accounts;

interface PasswordFormProps {
  readonly name: string;
  /** Whose own password it is has to say the one until now. */
  readonly own: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Sets the password of an account. */
export const PasswordForm = ({ name, own, onDone, onClose }: PasswordFormProps) => {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);

  const submit = (): Promise<unknown> | undefined => {
    setTried(true);
    if (password === '' || again !== password || (own && current === '')) return undefined;
    const body = own ? { password, current } : { password };
    return api.setPassword(name, body).then(() => toast(accounts.passwordSet(name)));
  };

  return (
    <FormDialog
      title={passwordForm.title(name)}
      action={passwordForm.save}
      onSubmit={submit}
      onDone={onDone}
      onClose={onClose}
    >
      {/* So that browsers know whose password they are asked to keep. */}
      <input
        class="unseen"
        type="text"
        autocomplete="username"
        value={name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      {own && (
        <Field
          label={passwordForm.current}
          type="password"
          value={current}
          autocomplete="current-password"
          required
          problem={tried && current === '' ? passwordForm.currentMissing : undefined}
          onInput={setCurrent}
        />
      )}
      <Field
        label={passwordForm.next}
        type="password"
        value={password}
        autocomplete="new-password"
        required
        problem={tried && password === '' ? passwordForm.missing : undefined}
        onInput={setPassword}
      />
      <Field
        label={passwordForm.again}
        type="password"
        value={again}
        autocomplete="new-password"
        required
        problem={tried && password !== '' && again !== password ? passwordForm.different : undefined}
        onInput={setAgain}
      />
      <p class="hint">{accounts.passwordNote}</p>
    </FormDialog>
  );
};

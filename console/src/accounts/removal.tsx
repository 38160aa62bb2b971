import { useState } from 'preact/hooks';
import { api } from '../server/api.js';
import { toast } from '../ui/announcer.js';
import { Field } from '../ui/field.js';
import { words } from '../words/en.js';
import { FormDialog } from './form-dialog.js';

const { accounts } = words;
const { removal } = accounts;

interface RemovalProps {
  readonly name: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Removes an account, when its name has been typed. */
export const Removal = ({ name, onDone, onClose }: RemovalProps) => {
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      title={removal.title(name)}
      action={removal.action}
      danger
      disabled={typed.trim() !== name}
      onSubmit={() => api.removeAccount(name).then(() => toast(accounts.removed(name)))}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{removal.text}</p>
      <Field label={removal.type(name)} value={typed} exact onInput={setTyped} />
    </FormDialog>
  );
};

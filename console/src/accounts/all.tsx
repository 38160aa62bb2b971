import type { Account } from 'longshore/api';
import { useState } from 'preact/hooks';
import { Screen } from '../app/screen.js';
import { api } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { session } from '../server/session.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Menu } from '../ui/menu.js';
import { ProblemNote } from '../ui/problem.js';
import { type Column, Table } from '../ui/table.js';
import { Day } from '../ui/values.js';
import { words } from '../words/en.js';
import { count } from '../words/format.js';
import { AccountForm } from './account-form.js';
import { Keys } from './keys.js';
import { PasswordForm } from './password-form.js';
import { Removal } from './removal.js';
import { Usage } from './usage.js';

const { accounts } = words;

/** What is done with an account; none: a new one. */
interface Task {
  readonly what: 'add' | 'edit' | 'password' | 'keys' | 'remove';
  readonly account: Account | null;
}

interface TaskDialogProps {
  readonly task: Task;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const TaskDialog = ({ task: { what, account }, onDone, onClose }: TaskDialogProps) => {
  const ends = { onDone, onClose };
  if (account === null || what === 'edit') return <AccountForm account={account} {...ends} />;
  const { name } = account;
  if (what === 'password') return <PasswordForm name={name} own={name === session.value?.account} {...ends} />;
  if (what === 'remove') return <Removal name={name} {...ends} />;
  return (
    <Dialog title={accounts.keyList.title(name)} onClose={onDone}>
      <Keys name={name} />
    </Dialog>
  );
};

const columns = (start: (task: Task) => void): readonly Column<Account>[] => [
  {
    name: 'name',
    title: accounts.columns.name,
    heads: true,
    cell: ({ name }) => (
      <span>
        {name}
        {name === session.value?.account && <span class="soft"> ({accounts.you})</span>}
      </span>
    ),
  },
  { name: 'role', title: accounts.columns.role, cell: ({ role }) => words.roles[role] },
  { name: 'usage', title: accounts.columns.usage, phone: 'broad', cell: (account) => <Usage account={account} /> },
  { name: 'keys', title: accounts.columns.keys, align: 'end', cell: ({ keys }) => count(keys) },
  { name: 'since', title: accounts.columns.since, cell: ({ createdAt }) => <Day at={createdAt} /> },
  {
    name: 'actions',
    title: accounts.columns.actions,
    bare: true,
    phone: 'corner',
    cell: (account) => (
      <div class="actions">
        <Menu
          label={accounts.actionsFor(account.name)}
          items={[
            { text: accounts.edit, icon: 'edit', onChoose: () => start({ what: 'edit', account }) },
            { text: accounts.password, icon: 'person', onChoose: () => start({ what: 'password', account }) },
            { text: accounts.keys, icon: 'key', onChoose: () => start({ what: 'keys', account }) },
            { text: accounts.remove, icon: 'trash', danger: true, onChoose: () => start({ what: 'remove', account }) },
          ]}
        />
      </div>
    ),
  },
];

/** All accounts, for who runs the server. */
export const AllAccounts = () => {
  const { data, error, reload } = useLoad(api.accounts, 'accounts');
  const [task, setTask] = useState<Task | null>(null);
  const close = (): void => setTask(null);
  const add = (
    <Button kind="primary" icon="plus" onClick={() => setTask({ what: 'add', account: null })}>
      {accounts.add}
    </Button>
  );
  return (
    <Screen title={words.navigation.accounts} lead={accounts.lead} actions={add}>
      {error && <ProblemNote error={error} onRetry={reload} />}
      {data === undefined && !error && <p class="soft">{words.loading}</p>}
      {data && (
        <Table label={accounts.table} columns={columns(setTask)} rows={data.accounts} keyOf={({ name }) => name} />
      )}
      {task !== null && (
        <TaskDialog
          task={task}
          onClose={close}
          onDone={() => {
            close();
            reload();
          }}
        />
      )}
    </Screen>
  );
};

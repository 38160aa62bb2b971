import { useState } from 'preact/hooks';
import { Screen } from '../app/screen.js';
import { api } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { session } from '../server/session.js';
import { Button } from '../ui/button.js';
import { Facts } from '../ui/facts.js';
import { ProblemNote } from '../ui/problem.js';
import { Day } from '../ui/values.js';
import { words } from '../words/en.js';
import { Keys } from './keys.js';
import { PasswordForm } from './password-form.js';
import { Usage } from './usage.js';

const { accounts } = words;
const { mine } = accounts;

/** The account of who is logged in: what it uses, its password, its keys. */
export const MyAccount = () => {
  const name = session.value?.account ?? '';
  const { data, error, reload } = useLoad(api.accounts, name);
  const [setting, setSetting] = useState(false);
  const account = data?.accounts.find((each) => each.name === name);
  const close = (): void => setSetting(false);
  return (
    <Screen title={words.navigation.account} lead={mine.lead}>
      {error && <ProblemNote error={error} onRetry={reload} />}
      <div class="mine">
        <section class="card stack" aria-labelledby="mine-usage">
          <h2 id="mine-usage">{mine.usage}</h2>
          {account && (
            <>
              <Usage account={account} />
              <Facts
                facts={[
                  [accounts.columns.name, account.name],
                  [mine.role, words.roles[account.role]],
                  [mine.since, <Day key="since" at={account.createdAt} />],
                ]}
              />
              <p class="soft small">{accounts.form.roleHints[account.role]}</p>
            </>
          )}
        </section>
        <section class="card stack" aria-labelledby="mine-password">
          <h2 id="mine-password">{mine.password}</h2>
          <p class="soft small">{accounts.passwordNote}</p>
          <div>
            <Button icon="edit" onClick={() => setSetting(true)}>
              {accounts.password}
            </Button>
          </div>
        </section>
        <section class="card stack mine-keys" aria-labelledby="mine-keys">
          <h2 id="mine-keys">{mine.keys}</h2>
          <Keys name={name} />
        </section>
      </div>
      {setting && <PasswordForm name={name} own onDone={close} onClose={close} />}
    </Screen>
  );
};

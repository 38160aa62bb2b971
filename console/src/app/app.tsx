import { useEffect, useState } from 'preact/hooks';
import { findAbout } from '../server/about.js';
import { findSession, session } from '../server/session.js';
import { Announcer } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { words } from '../words/en.js';
import { Login } from './login.js';
import { Shell } from './shell.js';

const Start = ({ problem, onRetry }: { readonly problem: string; readonly onRetry: () => void }) => (
  <main class="login">
    {problem === '' ? (
      <p class="soft">{words.loading}</p>
    ) : (
      <Empty icon="warning" title={problem}>
        <Button icon="retry" onClick={onRetry}>
          {words.actions.again}
        </Button>
      </Empty>
    )}
  </main>
);

/** The whole page: asks who is logged in, and shows the login or the screens. */
export const App = () => {
  const [problem, setProblem] = useState('');
  const start = (): void => {
    setProblem('');
    Promise.all([findAbout(), findSession()]).catch((error: Error) => setProblem(error.message));
  };
  useEffect(start, []);
  const who = session.value;
  return (
    <>
      {who === undefined ? (
        <Start problem={problem} onRetry={start} />
      ) : who === null ? (
        <Login />
      ) : (
        <Shell key={who.account} />
      )}
      <Announcer />
    </>
  );
};

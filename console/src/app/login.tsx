import { useEffect, useRef, useState } from 'preact/hooks';
import { about } from '../server/about.js';
import { ApiError } from '../server/request.js';
import { login, sessionEnded } from '../server/session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { words } from '../words/en.js';
import { ThemeChoice } from './theme-choice.js';

const toText = (error: unknown): string => {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 401) return words.session.wrong;
  return error.status === 429 ? words.session.tooOften : error.message;
};

/** Asks who is there. */
export const Login = () => {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const server = about.value;

  useEffect(() => {
    document.title = `${words.session.title} · ${server.name}`;
  }, [server.name]);
  useEffect(() => nameField.current?.focus(), []);

  const complain = (text: string, field: HTMLInputElement | null): void => {
    setProblem(text);
    field?.focus();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy) return;
    if (name.trim() === '') return complain(words.session.nameMissing, nameField.current);
    if (password === '') return complain(words.session.passwordMissing, passwordField.current);
    setProblem('');
    setBusy(true);
    login({ name: name.trim(), password }).catch((error: unknown) => {
      setBusy(false);
      complain(toText(error), passwordField.current);
    });
  };

  return (
    <main class="login">
      <div class="login-card card">
        <div class="login-brand">
          <img src="./icon.svg" alt="" width="40" height="40" />
          <div>
            <h1>{words.session.title}</h1>
            <p class="soft small">{[server.name, server.version].filter(Boolean).join(' ')}</p>
          </div>
        </div>
        {sessionEnded.value ? (
          <p class="note warn" role="status">
            {words.session.ended}
          </p>
        ) : (
          <p class="soft">{words.session.lead(server.name)}</p>
        )}
        <form onSubmit={submit} noValidate>
          <Field
            label={words.session.name}
            value={name}
            onInput={setName}
            autocomplete="username"
            exact
            required
            inputRef={nameField}
          />
          <Field
            label={words.session.password}
            type="password"
            value={password}
            onInput={setPassword}
            autocomplete="current-password"
            required
            inputRef={passwordField}
          />
          {problem !== '' && (
            <p class="note bad" role="alert">
              {problem}
            </p>
          )}
          <Button kind="primary" type="submit" busy={busy}>
            {busy ? words.session.busy : words.session.submit}
          </Button>
          <p class="soft small">{words.session.forgotten}</p>
        </form>
      </div>
      <ThemeChoice />
    </main>
  );
};

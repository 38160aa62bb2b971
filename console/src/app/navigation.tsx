import { useState } from 'preact/hooks';
import { about } from '../server/about.js';
import { logout, session } from '../server/session.js';
import { connection } from '../server/stream.js';
import { toast } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { words } from '../words/en.js';
import { href, route } from './router.js';
import { type ScreenEntry, screens } from './screens.js';
import { ThemeChoice } from './theme-choice.js';

const leave = (): void => {
  logout().catch((error: Error) => toast(error.message, 'failed'));
};

const Entry = ({ entry, onClick }: { readonly entry: ScreenEntry; readonly onClick?: () => void }) => (
  <li>
    <a href={href(entry.name)} aria-current={route.value.screen === entry.name ? 'page' : undefined} onClick={onClick}>
      <Icon name={entry.icon} />
      <span>{entry.title()}</span>
    </a>
  </li>
);

const Person = () => {
  const account = session.value;
  if (!account) return null;
  return (
    <div class="person">
      <Icon name="person" />
      <div class="cut">
        <p class="cut" title={account.account}>
          {account.account}
        </p>
        <p class="soft small">{words.roles[account.role]}</p>
      </div>
    </div>
  );
};

/** Whether what is shown is live, in words and a dot. */
export const Connection = () => (
  <p class={`connection ${connection.value}`}>
    <span class="dot" />
    {words.connection.states[connection.value]}
  </p>
);

/** The navigation of wide screens: everything at the side. */
export const SideNavigation = () => {
  const { name, version } = about.value;
  return (
    <header class="sidebar">
      <a class="brand" href={href('upload')}>
        <img src="./icon.svg" alt="" width="32" height="32" />
        <span class="cut">
          <strong class="cut">{name}</strong>
          <span class="soft small">{version}</span>
        </span>
      </a>
      <nav aria-label={words.navigation.label}>
        <ul>
          {screens().map((entry) => (
            <Entry key={entry.name} entry={entry} />
          ))}
        </ul>
      </nav>
      <div class="sidebar-foot">
        <Connection />
        <ThemeChoice />
        <Person />
        <Button icon="logout" kind="quiet" onClick={leave}>
          {words.session.logout}
        </Button>
      </div>
    </header>
  );
};

/** The navigation of phones: the first screens in a bar at the bottom, the others behind "More". */
export const BarNavigation = () => {
  const [open, setOpen] = useState(false);
  const entries = screens();
  const close = (): void => setOpen(false);
  const rest = entries.slice(4);
  return (
    <nav class="bar" aria-label={words.navigation.label}>
      <ul>
        {entries.slice(0, 4).map((entry) => (
          <Entry key={entry.name} entry={entry} />
        ))}
        <li>
          <button
            type="button"
            aria-haspopup="dialog"
            class={rest.some(({ name }) => name === route.value.screen) ? 'current' : undefined}
            onClick={() => setOpen(true)}
          >
            <Icon name="menu" />
            <span>{words.navigation.more}</span>
          </button>
        </li>
      </ul>
      {open && (
        <Dialog title={words.navigation.more} onClose={close} form="side">
          <div class="more">
            <ul>
              {rest.map((entry) => (
                <Entry key={entry.name} entry={entry} onClick={close} />
              ))}
            </ul>
            <Connection />
            <ThemeChoice />
            <Person />
            <Button icon="logout" onClick={leave}>
              {words.session.logout}
            </Button>
          </div>
        </Dialog>
      )}
    </nav>
  );
};

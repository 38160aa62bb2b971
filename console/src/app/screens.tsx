import type { ComponentType } from 'preact';
import { AccountsScreen } from '../accounts/screen.js';
import { EventsScreen } from '../events/screen.js';
import { FilesScreen } from '../files/screen.js';
import { HealthScreen } from '../health/screen.js';
import { LiveScreen } from '../live/screen.js';
import { ProtocolsScreen } from '../protocols/screen.js';
import { isAdmin } from '../server/session.js';
import type { IconName } from '../ui/icon.js';
import { UploaderScreen } from '../uploader/screen.js';
import { words } from '../words/en.js';
import { WorkScreen } from '../work/screen.js';

/** A screen of the page, as the navigation shows it. */
export interface ScreenEntry {
  /** In the address: `#/live`. */
  readonly name: string;
  readonly title: () => string;
  readonly icon: IconName;
  /** Only for whoever runs the server. */
  readonly admin?: boolean;
  readonly view: ComponentType;
}

const { navigation } = words;

const all: readonly ScreenEntry[] = [
  { name: 'upload', title: () => navigation.upload, icon: 'upload', view: UploaderScreen },
  { name: 'live', title: () => navigation.live, icon: 'live', view: LiveScreen },
  { name: 'files', title: () => navigation.files, icon: 'files', view: FilesScreen },
  { name: 'work', title: () => navigation.work, icon: 'work', view: WorkScreen },
  { name: 'events', title: () => navigation.events, icon: 'events', view: EventsScreen },
  {
    name: 'accounts',
    title: () => (isAdmin() ? navigation.accounts : navigation.account),
    icon: 'accounts',
    view: AccountsScreen,
  },
  { name: 'protocols', title: () => navigation.protocols, icon: 'protocols', view: ProtocolsScreen },
  { name: 'health', title: () => navigation.health, icon: 'health', admin: true, view: HealthScreen },
];

/** The screens that who is logged in may use, in the order of the navigation. */
export const screens = (): readonly ScreenEntry[] => all.filter(({ admin }) => admin !== true || isAdmin());

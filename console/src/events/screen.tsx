import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** To come. */
export const EventsScreen = () => <Screen title={words.navigation.events}>{words.loading}</Screen>;

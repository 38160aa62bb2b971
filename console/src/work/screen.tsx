import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** To come. */
export const WorkScreen = () => <Screen title={words.navigation.work}>{words.loading}</Screen>;

import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** To come. */
export const LiveScreen = () => <Screen title={words.navigation.live}>{words.loading}</Screen>;

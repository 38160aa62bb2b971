import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** To come. */
export const HealthScreen = () => <Screen title={words.navigation.health}>{words.loading}</Screen>;

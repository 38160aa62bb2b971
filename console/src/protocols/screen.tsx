import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** To come. */
export const ProtocolsScreen = () => <Screen title={words.navigation.protocols}>{words.loading}</Screen>;

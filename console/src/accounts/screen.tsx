import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** To come. */
export const AccountsScreen = () => <Screen title={words.navigation.accounts}>{words.loading}</Screen>;

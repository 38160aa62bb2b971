import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** To come. */
export const FilesScreen = () => <Screen title={words.navigation.files}>{words.loading}</Screen>;

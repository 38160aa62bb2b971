import { Screen } from '../app/screen.js';
import { words } from '../words/en.js';

/** Uploads files. */
export const UploaderScreen = () => <Screen title={words.navigation.upload}>{words.loading}</Screen>;

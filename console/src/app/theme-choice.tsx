import { Choice } from '../ui/field.js';
import { words } from '../words/en.js';
import { theme, themes } from './theme.js';

/** Chooses the page's colours. */
export const ThemeChoice = () => (
  <Choice
    label={words.theme.label}
    bare
    value={theme.value}
    options={themes.map((value) => ({ value, text: words.theme[value] }))}
    onChange={(chosen) => {
      theme.value = chosen;
    }}
  />
);

import { effect, signal } from '@preact/signals';

/** Colours of the page: those of the system, or always the same. */
export type Theme = 'system' | 'light' | 'dark';

/** All themes, in the order in which they are offered. */
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

const place = 'longshore.theme';

const remembered = (): Theme => {
  try {
    const kept = localStorage.getItem(place);
    return themes.find((theme) => theme === kept) ?? 'system';
  } catch {
    return 'system';
  }
};

/** The chosen theme. */
export const theme = signal<Theme>(remembered());

const system = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(system.matches);

/** Whether the page is dark now; for what is drawn without CSS. */
export const isDark = (): boolean => (theme.value === 'system' ? systemDark.value : theme.value === 'dark');

/** Shows the chosen theme from now on, and remembers it. */
export const followTheme = (): void => {
  system.addEventListener('change', ({ matches }) => {
    systemDark.value = matches;
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    try {
      localStorage.setItem(place, theme.value);
    } catch {
      // A browser that keeps nothing asks the system again next time.
    }
  });
};

import { signal } from '@preact/signals';
import type { About } from 'longshore/api';
import { words } from '../words/en.js';
import { api } from './api.js';

/** What the server says of itself. */
export const about = signal<About>({ name: words.product, version: '', uptimeSeconds: 0, dialects: [] });

/** Asks for it. Rejects with `ApiError`. */
export const findAbout = async (): Promise<void> => {
  about.value = await api.about();
};

/** What people call a dialect: `tus 1.0`. */
export const dialectTitle = (name: string): string =>
  about.value.dialects.find((known) => known.name === name)?.title ?? name;

/** The dialect's own name as people read it in narrow places: `tus`. */
export const dialectNames = (): readonly string[] => about.value.dialects.map(({ name }) => name);

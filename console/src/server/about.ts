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

/** What people call a dialect: `InterFAX`; a part of one, as `brightsign-thumbnails`, by the dialect and its own word. */
export const dialectTitle = (name: string): string => {
  const { dialects } = about.value;
  const whole = dialects.find((known) => known.name === name);
  if (whole) return whole.title;
  const dialect = dialects.find((known) => name.startsWith(`${known.name}-`));
  return dialect ? `${dialect.title}, ${name.slice(dialect.name.length + 1)}` : name;
};

/** The names of the dialects that are spoken. */
export const dialectNames = (): readonly string[] => about.value.dialects.map(({ name }) => name);

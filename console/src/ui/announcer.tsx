import { signal } from '@preact/signals';
import { words } from '../words/en.js';
import { IconButton } from './button.js';
import { Icon } from './icon.js';

const said = signal('');

/** Tells people who listen to the page instead of looking at it, when they are free to listen. Seldom: once per thing that matters. */
export const announce = (text: string): void => {
  // The same words again are a change only after there were none.
  said.value = '';
  setTimeout(() => {
    said.value = text;
  }, 50);
};

/** What a toast is about. */
export type ToastKind = 'done' | 'failed' | 'info';

interface ToastNote {
  readonly id: number;
  readonly kind: ToastKind;
  readonly text: string;
}

const notes = signal<readonly ToastNote[]>([]);
let last = 0;

const dismiss = (id: number): void => {
  notes.value = notes.value.filter((note) => note.id !== id);
};

/** Shows a short note at the page's edge and announces it. What failed stays until it is dismissed. */
export const toast = (text: string, kind: ToastKind = 'done'): void => {
  last += 1;
  const id = last;
  notes.value = [...notes.value.slice(-3), { id, kind, text }];
  announce(text);
  if (kind !== 'failed') setTimeout(() => dismiss(id), 6000);
};

const icons = { done: 'check', failed: 'failed', info: 'waiting' } as const;

/** Where toasts appear and announcements are read from; once in the page. */
export const Announcer = () => (
  <>
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
    <div class="toasts">
      {notes.value.map(({ id, kind, text }) => (
        <div key={id} class={`toast ${kind}`}>
          <Icon name={icons[kind]} />
          <p>{text}</p>
          <IconButton icon="close" label={words.actions.dismiss} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  </>
);

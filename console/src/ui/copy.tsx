import { useState } from 'preact/hooks';
import { words } from '../words/en.js';
import { announce } from './announcer.js';
import { Button, IconButton } from './button.js';

const writeSelected = (text: string): void => {
  const field = document.createElement('textarea');
  field.className = 'unseen';
  field.value = text;
  // Within a dialog, because nothing outside of an open one can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (!copied) throw new Error('copying is not allowed');
};

const write = async (text: string): Promise<void> => {
  // Browsers give a clipboard to https pages and localhost only, and not always; a selected field is copied everywhere.
  if (navigator.clipboard === undefined) return writeSelected(text);
  await navigator.clipboard.writeText(text).catch(() => writeSelected(text));
};

interface CopyProps {
  readonly text: string;
  /** What is copied: `the address of tus`. */
  readonly what: string;
  /** Shows a drawing instead of words. */
  readonly small?: boolean;
}

/** A button that copies a text and says so. */
export const Copy = ({ text, what, small = false }: CopyProps) => {
  const [state, setState] = useState<'copy' | 'copied' | 'notCopied'>('copy');
  const say = (next: 'copied' | 'notCopied'): void => {
    setState(next);
    announce(`${what}: ${words.actions[next]}`);
    setTimeout(() => setState('copy'), 2000);
  };
  const copy = (): void => {
    write(text).then(
      () => say('copied'),
      () => say('notCopied'),
    );
  };
  const icon = { copy: 'copy', copied: 'check', notCopied: 'failed' } as const;
  return small ? (
    <IconButton icon={icon[state]} label={words.actions.copyWhat(what)} onClick={copy} />
  ) : (
    <Button icon={icon[state]} label={words.actions.copyWhat(what)} onClick={copy}>
      {words.actions[state]}
    </Button>
  );
};

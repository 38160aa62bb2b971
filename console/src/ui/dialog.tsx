import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../words/en.js';
import { Button, IconButton } from './button.js';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Buttons at its end. */
  readonly actions?: ComponentChildren;
  /** `side`: at the right edge, as high as the page; `wide`: for pictures. */
  readonly form?: 'middle' | 'side' | 'wide';
}

// Where somebody begins: the first field, or where there is none the button that does no harm.
const field = '.dialog-body :is(input, select):not([tabindex="-1"])';
const firstOf = { middle: `${field}, .dialog-frame > footer button`, side: field, wide: field } as const;

/** A dialog over the page, open as long as it is there. Escape and a click beside it close it; the focus goes back to where it was. */
export const Dialog = ({ title, onClose, children, actions, form = 'middle' }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>(firstOf[form])?.focus();
    return () => {
      element?.close();
      // What it was opened from may have gone meanwhile.
      const back = before?.isConnected ? before : document.querySelector('h1');
      if (back instanceof HTMLElement) back.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${form}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-frame">
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={words.actions.close} onClick={onClose} />
        </header>
        <div class="dialog-body">{children}</div>
        {actions !== undefined && <footer>{actions}</footer>}
      </div>
    </dialog>
  );
};

interface ConfirmProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button says that does it. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  /** What the button says that does not; `Cancel` alone would be unclear where something is cancelled. */
  readonly keep?: string;
}

/** Asks before something is done that cannot be undone. */
export const Confirm = ({
  title,
  children,
  action,
  onConfirm,
  onClose,
  busy = false,
  disabled = false,
  keep,
}: ConfirmProps) => (
  <Dialog
    title={title}
    onClose={onClose}
    actions={
      <>
        <Button onClick={onClose}>{keep ?? words.actions.cancel}</Button>
        <Button kind="danger" busy={busy} disabled={disabled} onClick={onConfirm}>
          {action}
        </Button>
      </>
    }
  >
    {children}
  </Dialog>
);

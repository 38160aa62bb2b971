import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.js';

/** Something to choose from a menu. */
export interface MenuItem {
  readonly text: string;
  readonly icon?: IconName;
  readonly onChoose: () => void;
  readonly danger?: boolean;
}

interface MenuProps {
  /** What its button does, for screen readers and as a hint. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly icon?: IconName;
}

/** A button that opens a list of things to do. Arrows move, Enter chooses, Escape closes and goes back to the button. */
export const Menu = ({ label, items, icon = 'more' }: MenuProps) => {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    frame.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const leave = ({ target }: Event): void => {
      if (target instanceof Node && !frame.current?.contains(target)) setOpen(false);
    };
    addEventListener('pointerdown', leave);
    return () => removeEventListener('pointerdown', leave);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...(frame.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.findIndex((item) => item === document.activeElement);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    const next = moves[event.key];
    if (event.key === 'Tab') setOpen(false);
    else if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      close();
    } else if (next !== undefined) {
      event.preventDefault();
      all.at(next % all.length)?.focus();
    }
  };

  return (
    <div class="menu" ref={frame}>
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
      </button>
      {open && (
        <div role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
          {items.map((item) => (
            <button
              key={item.text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={item.danger === true ? 'danger' : undefined}
              onClick={() => {
                close();
                item.onChoose();
              }}
            >
              {item.icon !== undefined && <Icon name={item.icon} size={18} />}
              <span>{item.text}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
};

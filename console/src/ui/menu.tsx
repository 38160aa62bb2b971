import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.js';

/** Something to choose from a menu. */
export interface MenuItem {
  readonly text: string;
  readonly icon?: IconName;
  readonly onChoose: () => void;
  readonly danger?: boolean;
}

// Pixels between the list and what is around it.
const gap = 4;

interface MenuProps {
  /** What its button does, for screen readers and as a hint. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly icon?: IconName;
}

/** Puts the list under its button, or above it where there is no room below. */
const place = (list: HTMLElement, button: HTMLElement): void => {
  const { right, top, bottom } = button.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const below = bottom + gap + height <= innerHeight;
  list.style.left = `${Math.max(gap, right - width)}px`;
  list.style.top = `${below ? bottom + gap : Math.max(gap, top - gap - height)}px`;
};

/** A button that opens a list of things to do. Arrows move, Enter chooses, Escape closes and goes back to the button. */
export const Menu = ({ label, items, icon = 'more' }: MenuProps) => {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open || button.current === null || list.current === null) return;
    // Above everything: tables and dialogs would cut it off.
    list.current.showPopover();
    place(list.current, button.current);
    list.current.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const leave = ({ target }: Event): void => {
      if (!(target instanceof Node) || !frame.current?.contains(target)) setOpen(false);
    };
    const close = (): void => setOpen(false);
    addEventListener('pointerdown', leave);
    addEventListener('scroll', close, { capture: true, passive: true });
    addEventListener('resize', close);
    return () => {
      removeEventListener('pointerdown', leave);
      removeEventListener('scroll', close, { capture: true });
      removeEventListener('resize', close);
    };
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
        <div ref={list} popover="manual" role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
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

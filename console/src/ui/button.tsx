import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

interface Common {
  readonly onClick?: (event: MouseEvent) => void;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
}

interface ButtonProps extends Common {
  readonly children: ComponentChildren;
  readonly icon?: IconName;
  /** `primary`: what the screen is for; `danger`: what cannot be undone; `quiet`: beside others. */
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** Its name where its words alone do not say what it acts on. */
  readonly label?: string;
  /** Shows that what it does is under way; it cannot be pressed meanwhile. */
  readonly busy?: boolean;
  /** The form that it submits, where it stands outside of it. */
  readonly form?: string;
}

/** A button with words. */
export const Button = ({
  children,
  icon,
  kind = 'plain',
  label,
  busy = false,
  disabled = false,
  type = 'button',
  form,
  onClick,
}: ButtonProps) => (
  <button
    type={type}
    form={form}
    class={`button ${kind}`}
    disabled={disabled}
    aria-disabled={busy ? 'true' : undefined}
    aria-busy={busy ? 'true' : undefined}
    aria-label={label}
    onClick={(event) => {
      if (busy) event.preventDefault();
      else onClick?.(event);
    }}
  >
    {icon !== undefined && <Icon name={icon} size={18} />}
    <span>{children}</span>
  </button>
);

interface IconButtonProps extends Common {
  readonly icon: IconName;
  /** What it does, for screen readers and as a hint. */
  readonly label: string;
  /** `true`/`false` for a button that stays pressed. */
  readonly pressed?: boolean;
}

/** A button that is only a drawing. */
export const IconButton = ({ icon, label, pressed, disabled = false, type = 'button', onClick }: IconButtonProps) => (
  <button
    type={type}
    class="icon-button"
    disabled={disabled}
    aria-label={label}
    title={label}
    aria-pressed={pressed}
    onClick={onClick}
  >
    <Icon name={icon} />
  </button>
);

interface LinkButtonProps {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly icon?: IconName;
  readonly label?: string;
  /** A name for the file that is saved; an empty text leaves it to the server. */
  readonly download?: string;
  readonly newTab?: boolean;
}

/** A link that looks like a button. */
export const LinkButton = ({ href, children, icon, label, download, newTab = false }: LinkButtonProps) => (
  <a
    class="button plain"
    href={href}
    aria-label={label}
    download={download}
    target={newTab ? '_blank' : undefined}
    rel={newTab ? 'noopener' : undefined}
  >
    {icon !== undefined && <Icon name={icon} size={18} />}
    <span>{children}</span>
  </a>
);

interface IconLinkProps {
  readonly href: string;
  readonly icon: IconName;
  /** Where it leads, for screen readers and as a hint. */
  readonly label: string;
  /** A name for the file that is saved; an empty text leaves it to the server. */
  readonly download?: string;
  readonly newTab?: boolean;
}

/** A link that is only a drawing. */
export const IconLink = ({ href, icon, label, download, newTab = false }: IconLinkProps) => (
  <a
    class="icon-button"
    href={href}
    aria-label={label}
    title={label}
    download={download}
    target={newTab ? '_blank' : undefined}
    rel={newTab ? 'noopener' : undefined}
  >
    <Icon name={icon} />
  </a>
);

/** The element with that id. Throws where the page has none, which is a bug of the page. */
export const byId = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new TypeError(`the page has no ${type.name} "${id}"`);
  return element;
};

interface Shape {
  readonly className?: string;
  readonly text?: string;
  readonly label?: string;
}

/** Makes an element with children. */
export const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { className, text, label }: Shape = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag);
  if (className !== undefined) element.className = className;
  if (text !== undefined) element.textContent = text;
  if (label !== undefined) element.setAttribute('aria-label', label);
  element.append(...children);
  return element;
};

/** Makes a button that does something. */
export const button = (text: string, label: string, act: () => void): HTMLButtonElement => {
  const element = make('button', { text, label });
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
};

/** Tells people who listen to the page instead of looking at it. */
export const announce = (text: string): void => {
  byId('announcer', HTMLParagraphElement).textContent = text;
};

const writeSelected = (text: string): void => {
  const field = make('textarea', { className: 'unseen' });
  field.value = text;
  document.body.append(field);
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

/** A button that copies `text`, named after what that is. */
export const copyButton = (text: string, what: string): HTMLButtonElement => {
  const say = (word: string): void => {
    element.textContent = word;
    announce(`${what}: ${word.toLowerCase()}`);
    setTimeout(() => {
      element.textContent = 'Copy';
    }, 2000);
  };
  const element = button('Copy', `Copy ${what}`, () => {
    write(text).then(
      () => say('Copied'),
      () => say('Not copied'),
    );
  });
  return element;
};

/** Where the focus goes when the line of `button` leaves the list: to the line that takes its place, or where new ones come from. */
export const focusNext = (button: EventTarget | null): void => {
  if (!(button instanceof HTMLElement)) return;
  const line = button.closest('li');
  const next = line?.nextElementSibling ?? line?.previousElementSibling;
  (next ?? document).querySelector<HTMLElement>(next ? 'button' : '.drop button')?.focus();
};

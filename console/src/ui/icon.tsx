const drawings = {
  upload: 'M12 16V5m-5 5 5-5 5 5M4 19h16',
  live: 'M3 12h4l3-7 4 14 3-7h4',
  files: 'M4 7V5h6l2 2h8v12H4z',
  work: 'M7 3h7l4 4v14H7zM13 3v5h5M10 13h5M10 17h5',
  events: 'M4 6h1.5M4 12h1.5M4 18h1.5M9 6h11M9 12h11M9 18h11',
  accounts:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.6-4 3-6 6.5-6s5.9 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.5c2.2.7 3.5 2.5 4 5.5',
  protocols: 'M8 8 4 12l4 4M16 8l4 4-4 4M13.5 5l-3 14',
  health: 'M12 20S4 15 4 9.5A4.3 4.3 0 0 1 12 7.3 4.3 4.3 0 0 1 20 9.5C20 15 12 20 12 20z',
  more: 'M6 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM13 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM20 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'm6 6 12 12M18 6 6 18',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  warning: 'M12 4 2.5 20h19zM12 10v4.5M12 17.5h.01',
  failed: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm-3-6 6-6m0 6-6-6',
  waiting: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.5l3.5 2',
  pause: 'M8 5v14M16 5v14',
  play: 'm8 5 11 7-11 7z',
  retry: 'M20 12a8 8 0 1 1-2.3-5.6L20 8.5M20 4v4.5h-4.5',
  download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  key: 'M8 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm3-7 9-8m-4 3.5 3 3.3',
  eye: 'M2.5 12C5 7.5 8 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.5 6.5-9.5 6.5S5 16.5 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  folder: 'M4 7V5h6l2 2h8v12H4z',
  file: 'M7 3h7l4 4v14H7zM13 3v5h5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zm5-1.5L20.5 20.5',
  down: 'm6 9 6 6 6-6',
  up: 'm6 15 6-6 6 6',
  back: 'm14 6-6 6 6 6',
  forward: 'm10 6 6 6-6 6',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7.5 8.5c.7-4 3.5-6 7.5-6s6.8 2 7.5 6',
  logout: 'M14 5V3H4v18h10v-2M10 12h11m-3.5-3.5L21 12l-3.5 3.5',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  plus: 'M12 5v14M5 12h14',
  edit: 'm4 20 1-4L16 5l3 3L8 19zM14 7l3 3',
} as const;

/** What there is a drawing of. */
export type IconName = keyof typeof drawings;

/** A drawing in the colour of the text. It says nothing to screen readers: words stand beside it or name its button. */
export const Icon = ({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) => (
  <svg
    class="icon"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={drawings[name]} />
  </svg>
);

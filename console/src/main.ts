import { ask, show, showDown, tusEndpoint } from './about.js';
import { accountForm } from './account.js';
import { button, byId, make } from './dom.js';
import { forgetKey, unfinished } from './memory.js';
import { queue } from './queue.js';
import { type Row, row } from './row.js';
import { bytes } from './words.js';

const list = byId('uploads', HTMLUListElement);
const files = byId('files', HTMLInputElement);
const drop = byId('drop', HTMLDivElement);
const turns = queue(2);
const rows: Row[] = [];
let endpoint: string | null = null;

const showUnfinished = (): void => {
  const shown = new Set([...list.querySelectorAll('strong')].map((name) => name.textContent));
  const left = unfinished().filter(({ name }) => !shown.has(name));
  byId('unfinished', HTMLDivElement).hidden = left.length === 0;
  byId('unfinished-list', HTMLUListElement).replaceChildren(
    ...left.map(({ key, name, size }) => {
      const forget = button('Forget', `Forget ${name}`, () => {
        forgetKey(key);
        showUnfinished();
      });
      const actions = make('div', { className: 'actions' }, forget);
      const title = make('div', { className: 'title' }, make('strong', { text: name }), actions);
      return make('li', { className: 'card' }, title, make('p', { className: 'standing', text: bytes(size) }));
    }),
  );
};

const account = accountForm(showUnfinished);

const add = (chosen: Iterable<File>): void => {
  for (const file of chosen) {
    if (endpoint === null) return;
    const { refuse, current } = account;
    const added = row(file, { endpoint, queue: turns, account: current, refused: refuse, changed: showUnfinished });
    rows.push(added);
    list.prepend(added.element);
  }
  showUnfinished();
};

files.addEventListener('change', () => {
  add(files.files ?? []);
  files.value = '';
});

for (const name of ['dragenter', 'dragover'] as const) {
  document.addEventListener(name, (event) => {
    // Without this a browser opens a dropped file instead of the page.
    event.preventDefault();
    drop.classList.toggle('over', event.dataTransfer?.types.includes('Files') ?? false);
  });
}
document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) drop.classList.remove('over');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  if (!byId('uploader', HTMLDivElement).hidden) add(event.dataTransfer?.files ?? []);
});

window.addEventListener('beforeunload', (event) => {
  if (rows.some((each) => each.busy())) event.preventDefault();
});

ask()
  .then((about) => {
    show(about);
    endpoint = tusEndpoint(about);
    files.disabled = endpoint === null;
  })
  .catch(showDown);

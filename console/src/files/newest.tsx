import { useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { href } from '../app/router.js';
import { api } from '../server/api.js';
import { usePages } from '../server/pages.js';
import { may } from '../server/session.js';
import { happened } from '../server/stream.js';
import { Button, LinkButton } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { More } from '../ui/more.js';
import { words } from '../words/en.js';
import { FileTable } from './file-table.js';

const { files } = words;

/** The newest files; more of them when an upload is finished meanwhile. Who has gone on to older ones is asked before the list begins anew. */
export const NewestFiles = () => {
  const pages = usePages((before: number | undefined) => {
    const query = before === undefined ? {} : { before };
    return api.files(query).then((page) => ({ items: page.files, next: page.next }));
  }, 'newest');
  const finished = useComputed(() => happened.value.find(({ kind }) => kind === 'finished')?.number ?? 0).value;
  const [seen, setSeen] = useState(finished);
  const reload = (): void => {
    setSeen(finished);
    pages.reload();
  };
  useEffect(() => {
    if (finished === seen || pages.deep) return;
    // Many that end at once are shown at once.
    const timer = setTimeout(reload, 1000);
    return () => clearTimeout(timer);
  }, [finished]);
  return (
    <div class="stack">
      {finished !== seen && pages.deep && (
        <div>
          <Button icon="retry" onClick={reload}>
            {files.newer}
          </Button>
        </div>
      )}
      {pages.items.length > 0 && <FileTable files={pages.items} />}
      {pages.ready && pages.items.length === 0 && (
        <div class="card">
          <Empty icon="files" title={files.none}>
            <p>{files.noneHint}</p>
            {may('upload') && <LinkButton href={href('upload')}>{files.upload}</LinkButton>}
          </Empty>
        </div>
      )}
      <More pages={pages} text={files.more} />
    </div>
  );
};

import { useState } from 'preact/hooks';
import { Screen } from '../app/screen.js';
import { may } from '../server/session.js';
import { announce, toast } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { words } from '../words/en.js';
import { Choose } from './choose.js';
import type { Choice } from './gather.js';
import { GroupRow } from './group.js';
import { uploader as current, uploaderOpened } from './instance.js';
import { missingField } from './protocols.js';
import { ItemRow } from './row.js';
import { keyOf, rowsOf } from './rows.js';
import { Summary } from './summary.js';
import { target } from './target.js';
import { TargetForm } from './target-form.js';
import type { Uploader } from './uploader.js';
import { VirtualList } from './virtual-list.js';

const texts = words.uploader;

/** Uploads that wait for a person: one button for those whose files may be read after asking, and word of the others. */
const Waiting = ({ uploader }: { readonly uploader: Uploader }) => {
  uploader.list.follow();
  const items = [...uploader.list.items()];
  const asking = items.filter(({ phase }) => phase === 'asking').length;
  const lost = items.filter(({ phase }) => phase === 'lost').length;
  return (
    <>
      {asking > 0 && (
        <div class="note warn waiting-note">
          <p>{texts.askingNote(asking)}</p>
          <Button
            kind="primary"
            icon="play"
            onClick={() => {
              uploader.goOn().catch(() => undefined);
            }}
          >
            {texts.goOn}
          </Button>
        </div>
      )}
      {lost > 0 && <p class="note warn">{texts.lostNote(lost)}</p>}
    </>
  );
};

const Uploads = ({ uploader }: { readonly uploader: Uploader }) => {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  uploader.list.follow();
  const rows = rowsOf(uploader.list.entries, open);
  if (rows.length === 0) return null;
  const toggle = (id: string): void => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <>
      <Waiting uploader={uploader} />
      <Summary uploader={uploader} />
      <VirtualList
        label={texts.list}
        count={rows.length}
        keyOf={(index) => {
          const row = rows[index];
          return row === undefined ? String(index) : keyOf(row);
        }}
        render={(index) => {
          const row = rows[index];
          if (row === undefined) return null;
          if (row.kind === 'item') return <ItemRow item={row.item} inGroup={row.inGroup} uploader={uploader} />;
          const { group } = row;
          return <GroupRow group={group} open={row.open} uploader={uploader} onToggle={() => toggle(group.id)} />;
        }}
      />
    </>
  );
};

const add = async (choice: Choice): Promise<void> => {
  try {
    const uploader = current.peek() ?? (await uploaderOpened());
    const added = await uploader.add(choice, target.peek());
    if (added > 0) announce(texts.added(added));
  } catch (error) {
    toast(texts.unreadable(error instanceof Error ? error.message : String(error)), 'failed');
  }
};

/** The screen on which files are uploaded. */
export const UploaderScreen = () => {
  const [missed, setMissed] = useState(0);
  const uploader = current.value;
  uploader?.list.follow();
  const title = words.navigation.upload;
  if (!may('upload'))
    return (
      <Screen title={title}>
        <Empty icon="upload" title={texts.mayNot}>
          {texts.mayNotHint}
        </Empty>
      </Screen>
    );
  const ready = (): boolean => {
    const missing = missingField(target.peek());
    setMissed(missing === undefined ? 0 : missed + 1);
    return missing === undefined;
  };
  const take = (choice: Choice): void => {
    add(choice).catch(() => undefined);
  };
  return (
    <Screen title={title} lead={texts.lead}>
      <div class="stack">
        <Choose take={take} ready={ready} small={uploader !== null && uploader.list.entries.length > 0}>
          <TargetForm missed={missed} />
        </Choose>
        {uploader !== null && <Uploads uploader={uploader} />}
      </div>
    </Screen>
  );
};

import { announce } from '../ui/announcer.js';
import { IconButton } from '../ui/button.js';
import { Copy } from '../ui/copy.js';
import { Icon, type IconName } from '../ui/icon.js';
import { Progress, type ProgressTone } from '../ui/progress.js';
import { words } from '../words/en.js';
import { bytes, duration, speed } from '../words/format.js';
import { focusNext } from './focus.js';
import { foldersOf, type Item, isMoving, isOver, nameOf, type Phase } from './item.js';
import type { Uploader } from './uploader.js';

const texts = words.uploader;

const icons: Readonly<Record<Phase, IconName>> = {
  waiting: 'waiting',
  running: 'upload',
  trying: 'retry',
  paused: 'pause',
  asking: 'key',
  lost: 'search',
  done: 'check',
  refused: 'failed',
  failed: 'failed',
  cancelling: 'close',
  cancelled: 'close',
};

const tones: Readonly<Partial<Record<Phase, ProgressTone>>> = {
  running: 'running',
  trying: 'stuck',
  asking: 'stuck',
  lost: 'stuck',
};

/** Where an upload stands, in words. */
export const standing = (item: Item): string => {
  const { phase, size, confirmed, note } = item;
  const soFar = texts.soFar(bytes(confirmed), bytes(size));
  switch (phase) {
    case 'running':
      return [
        soFar,
        ...(item.speed > 0 ? [speed(item.speed), texts.left(duration((size - confirmed) / item.speed))] : []),
      ].join(' · ');
    case 'waiting':
      return texts.waiting(confirmed > 0 ? soFar : bytes(size));
    case 'paused':
      return texts.paused(soFar);
    case 'asking':
      return texts.asking(soFar);
    case 'lost':
      return texts.lost(soFar);
    case 'done':
      return texts.done(bytes(size));
    case 'cancelled':
      return note === '' ? texts.cancelled : note;
    case 'cancelling':
      return note === '' ? texts.cancelling : note;
    default:
      return note === '' ? texts.trying : note;
  }
};

const Actions = ({ item, uploader }: { readonly item: Item; readonly uploader: Uploader }) => {
  uploader.list.follow();
  const name = nameOf(item);
  const { phase } = item;
  const resume = (): void => {
    announce(texts.resumed(name));
    uploader.resume([item]).catch(() => undefined);
  };
  const cancel = (): void => {
    announce(texts.cancelledOne(name));
    uploader.cancel([item]).catch(() => undefined);
  };
  const pause = (): void => {
    announce(texts.pausedOne(name));
    uploader.pause([item]);
  };
  return (
    <div class="actions">
      {phase === 'done' && item.url !== null && <Copy text={item.url} what={texts.addressOf(name)} small />}
      {phase === 'trying' && <IconButton icon="retry" label={texts.hurry(name)} onClick={uploader.hurry} />}
      {isMoving(item) && <IconButton key="first" icon="pause" label={texts.pause(name)} onClick={pause} />}
      {phase === 'paused' && <IconButton key="first" icon="play" label={texts.resume(name)} onClick={resume} />}
      {(phase === 'failed' || phase === 'refused') && (
        <IconButton key="first" icon="retry" label={texts.again(name)} onClick={resume} />
      )}
      {isOver(item) ? (
        <IconButton
          key="second"
          icon="close"
          label={texts.remove(name)}
          onClick={({ currentTarget }) => {
            focusNext(currentTarget);
            // What the server still holds of it is of no use to anybody.
            if (phase === 'failed' && item.state !== null) uploader.cancel([item]).catch(() => undefined);
            else uploader.remove([item]);
          }}
        />
      ) : (
        <IconButton key="second" icon="close" label={texts.cancel(name)} onClick={cancel} />
      )}
    </div>
  );
};

interface RowProps {
  readonly item: Item;
  readonly uploader: Uploader;
  /** It belongs to the group above it. */
  readonly inGroup: boolean;
}

/** One upload in the list. */
export const ItemRow = ({ item, uploader, inGroup }: RowProps) => {
  uploader.list.follow();
  const name = nameOf(item);
  const folders = foldersOf(item).slice(inGroup ? 1 : 0);
  const share = item.size === 0 ? 0 : item.confirmed / item.size;
  const { protocol } = item.target;
  return (
    <div class={`upload ${item.phase} ${inGroup ? 'in-group' : ''}`} data-phase={item.phase}>
      <Icon name={icons[item.phase]} />
      <div class="upload-body">
        <p class="upload-name cut" title={item.path}>
          {folders.length > 0 && <span class="soft">{`${folders.join('/')}/`}</span>}
          <strong>{name}</strong>
          {protocol !== 'tus' && <span class="soft small"> {texts.by(texts.protocols[protocol].title)}</span>}
        </p>
        {!isOver(item) && <Progress share={share} label={texts.progressOf(name)} tone={tones[item.phase] ?? 'idle'} />}
        <p class="upload-standing small" title={standing(item)}>
          {standing(item)}
        </p>
      </div>
      <Actions item={item} uploader={uploader} />
    </div>
  );
};

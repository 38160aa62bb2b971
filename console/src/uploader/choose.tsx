import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { words } from '../words/en.js';
import { type Choice, fromInput, fromTransfer, pickFiles, pickFolder } from './gather.js';
import { keepsHandles } from './handles.js';

const texts = words.uploader;

/** Takes files that are dropped anywhere on the page, or pasted. Says whether some are held over the page now. */
const useDropAndPaste = (take: (choice: Choice) => void): boolean => {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
    const hold = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      // Without this a browser opens a dropped file instead of the page.
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent): void => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!holdsFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      latest.current(fromTransfer(event.dataTransfer));
    };
    const paste = (event: ClipboardEvent): void => {
      const { clipboardData } = event;
      if (clipboardData === null || ![...clipboardData.items].some(({ kind }) => kind === 'file')) return;
      event.preventDefault();
      latest.current(fromTransfer(clipboardData));
    };
    document.addEventListener('dragenter', hold);
    document.addEventListener('dragover', hold);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('dragenter', hold);
      document.removeEventListener('dragover', hold);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
      document.removeEventListener('paste', paste);
    };
  }, []);
  return over;
};

interface ChooserProps {
  readonly folder: boolean;
  readonly take: (choice: Choice) => void;
  /** Whether files may be chosen now; says why where they may not. */
  readonly ready: () => boolean;
}

/** A button that lets files or a folder be chosen. */
export const Chooser = ({ folder, take, ready }: ChooserProps) => {
  const input = useRef<HTMLInputElement>(null);
  const choose = (): void => {
    if (!ready()) return;
    const picked = folder ? pickFolder() : pickFiles();
    if (picked !== undefined) take(picked);
    else input.current?.click();
  };
  const chosen = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
    take(fromInput([...(currentTarget.files ?? [])]));
    currentTarget.value = '';
  };
  return (
    <>
      <Button kind={folder ? 'plain' : 'primary'} icon={folder ? 'folder' : 'file'} onClick={choose}>
        {folder ? texts.chooseFolder : texts.choose}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        // Only the button is there for people; browsers open the input's picker when it is clicked by a script.
        aria-hidden="true"
        {...(folder && { webkitdirectory: true })}
        onChange={chosen}
      />
    </>
  );
};

interface ChooseProps extends Omit<ChooserProps, 'folder'> {
  /** There are uploads below it, which matter more. */
  readonly small: boolean;
  readonly children: ComponentChildren;
}

/** Nobody drags files with a finger. */
const canDrop = (): boolean => matchMedia('(any-hover: hover)').matches;

/** Where files are dropped, chosen and pasted; its children say where they go. */
export const Choose = ({ take, ready, small, children }: ChooseProps) => {
  const over = useDropAndPaste((choice) => {
    if (ready()) take(choice);
  });
  return (
    <div class={`drop ${over ? 'over' : ''} ${small ? 'small-drop' : ''}`}>
      <div class="drop-words">
        <Icon name="upload" size={small ? 24 : 36} />
        <p class="drop-title">{over ? texts.letGo : canDrop() ? texts.dropHere : texts.chooseHere}</p>
      </div>
      <div class="actions">
        <Chooser folder={false} take={take} ready={ready} />
        <Chooser folder take={take} ready={ready} />
      </div>
      {!small && <p class="soft small">{keepsHandles() ? texts.goesOn : texts.goesOnWithFile}</p>}
      {children}
    </div>
  );
};

import { Confirm } from '../ui/dialog.js';
import { words } from '../words/en.js';

const texts = words.uploader;

interface CancelManyProps {
  readonly title: string;
  readonly action: string;
  /** How many uploads would end. */
  readonly left: number;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before many uploads are cancelled at once. */
export const CancelMany = ({ title, action, left, onConfirm, onClose }: CancelManyProps) => (
  <Confirm
    title={title}
    action={action}
    keep={texts.keep}
    onClose={onClose}
    onConfirm={() => {
      onClose();
      onConfirm();
    }}
  >
    <p>{texts.cancelManyAsk(left)}</p>
  </Confirm>
);

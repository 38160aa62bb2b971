import type { Upload } from 'longshore/api';
import { useState } from 'preact/hooks';
import { api } from '../server/api.js';
import { toast } from '../ui/announcer.js';
import { Confirm } from '../ui/dialog.js';
import { ProblemNote } from '../ui/problem.js';
import { words } from '../words/en.js';
import { bytes } from '../words/format.js';
import { nameOf } from './row.js';

const { cancel } = words.live;

interface CancelUploadProps {
  readonly upload: Upload;
  readonly onClose: () => void;
}

/** Asks whether an upload is to be cancelled, and cancels it. */
export const CancelUpload = ({ upload, onClose }: CancelUploadProps) => {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const name = nameOf(upload);
  const act = (): void => {
    setBusy(true);
    api.cancelUpload(upload.id).then(
      () => {
        toast(cancel.done(name));
        onClose();
      },
      (problem: Error) => {
        setBusy(false);
        setError(problem);
      },
    );
  };
  return (
    <Confirm
      title={cancel.title}
      action={cancel.action}
      keep={cancel.keep}
      busy={busy}
      onConfirm={act}
      onClose={onClose}
    >
      <p class="wrap">{cancel.text(name, bytes(upload.received))}</p>
      {error && <ProblemNote error={error} />}
    </Confirm>
  );
};

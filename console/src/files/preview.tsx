import type { File } from 'longshore/api';
import { useState } from 'preact/hooks';
import { addresses } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { requestText } from '../server/request.js';
import { LinkButton } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Empty } from '../ui/empty.js';
import { ProblemNote } from '../ui/problem.js';
import { words } from '../words/en.js';

const { files } = words;

const TextPreview = ({ address }: { readonly address: string }) => {
  const { data, error, reload } = useLoad(() => requestText(address), address);
  if (error) return <ProblemNote error={error} onRetry={reload} />;
  // A long text is scrolled by the keyboard too.
  return (
    <pre class="preview-text" tabIndex={0} role="region" aria-label={files.preview}>
      {data ?? words.loading}
    </pre>
  );
};

const Shown = ({ file, address }: { readonly file: File; readonly address: string }) => {
  const [failed, setFailed] = useState(false);
  const fail = (): void => setFailed(true);
  if (failed) return <Empty icon="file" title={files.previewFailed} />;
  if (file.preview === 'image') return <img src={address} alt={file.name} onError={fail} />;
  // What strangers uploaded has no captions to offer.
  if (file.preview === 'audio') return <audio src={address} controls aria-label={file.name} onError={fail} />;
  if (file.preview === 'video') return <video src={address} controls aria-label={file.name} onError={fail} />;
  return <TextPreview address={address} />;
};

interface PreviewDialogProps {
  readonly file: File;
  readonly version: number;
  readonly onClose: () => void;
}

/** A file as the browser shows it: a picture, a text, sound, a film. */
export const PreviewDialog = ({ file, version, onClose }: PreviewDialogProps) => (
  <Dialog
    form="wide"
    title={file.name}
    onClose={onClose}
    actions={
      <LinkButton icon="download" href={addresses.content(file.id, version)} download="">
        {files.download}
      </LinkButton>
    }
  >
    <div class="preview">
      <Shown file={file} address={addresses.preview(file.id, version)} />
    </div>
  </Dialog>
);

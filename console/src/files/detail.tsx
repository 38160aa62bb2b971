import { useState } from 'preact/hooks';
import { dialectTitle } from '../server/about.js';
import { api } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { Dialog } from '../ui/dialog.js';
import { Facts } from '../ui/facts.js';
import { ProblemNote } from '../ui/problem.js';
import { Bytes, Moment } from '../ui/values.js';
import { words } from '../words/en.js';
import { PreviewDialog } from './preview.js';
import { Versions } from './versions.js';

const { detail } = words.files;

interface FileDialogProps {
  readonly id: number;
  readonly onClose: () => void;
}

/** All that is known of a file. */
export const FileDialog = ({ id, onClose }: FileDialogProps) => {
  const { data: file, error, reload } = useLoad(() => api.file(id), String(id));
  const [previewed, setPreviewed] = useState<number | null>(null);
  return (
    <Dialog form="side" title={file?.name ?? words.loading} onClose={onClose}>
      {error && <ProblemNote error={error} onRetry={reload} />}
      {file && (
        <>
          <Facts
            facts={[
              [detail.path, file.path.length === 0 ? words.none : file.path.join(' / ')],
              [detail.type, file.type],
              [detail.size, <Bytes key="size" value={file.size} />],
              [detail.owner, file.owner],
              [detail.protocol, dialectTitle(file.dialect)],
              [detail.created, <Moment key="created" at={file.createdAt} />],
              [detail.changed, <Moment key="changed" at={file.modifiedAt} />],
              [detail.id, <code key="id">{file.id}</code>],
            ]}
          />
          <h3>{detail.versions}</h3>
          <Versions file={file} onPreview={setPreviewed} />
          {previewed !== null && <PreviewDialog file={file} version={previewed} onClose={() => setPreviewed(null)} />}
        </>
      )}
    </Dialog>
  );
};

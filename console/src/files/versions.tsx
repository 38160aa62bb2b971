import type { FileDetail, FileVersion } from 'longshore/api';
import { addresses } from '../server/api.js';
import { Badge } from '../ui/badge.js';
import { Button, LinkButton } from '../ui/button.js';
import { Digests } from '../ui/digests.js';
import { Bytes, Moment } from '../ui/values.js';
import { words } from '../words/en.js';

const { files } = words;
const { detail } = files;

interface VersionsProps {
  readonly file: FileDetail;
  readonly onPreview: (version: number) => void;
}

const Version = ({ file, version, onPreview }: VersionsProps & { readonly version: FileVersion }) => {
  const { number, size, createdAt, by, digests } = version;
  const title = detail.version(number);
  return (
    <li class="version">
      <div class="version-head">
        <h4>{title}</h4>
        {version === file.versions.at(-1) && file.versions.length > 1 && <Badge tone="good">{detail.latest}</Badge>}
        <p class="soft small">
          <Bytes value={size} /> · <Moment at={createdAt} /> · {detail.by(by)}
        </p>
        <div class="actions">
          {file.preview !== null && (
            <Button icon="eye" kind="quiet" label={files.previewWhat(title)} onClick={() => onPreview(number)}>
              {files.preview}
            </Button>
          )}
          <LinkButton
            icon="download"
            href={addresses.content(file.id, number)}
            label={files.downloadWhat(title)}
            download=""
          >
            {files.download}
          </LinkButton>
        </div>
      </div>
      <Digests digests={digests} />
    </li>
  );
};

/** The versions of a file, the newest first, each with its digests and its bytes. */
export const Versions = ({ file, onPreview }: VersionsProps) => (
  <ul class="versions">
    {[...file.versions].reverse().map((version) => (
      <Version key={version.number} file={file} version={version} onPreview={onPreview} />
    ))}
  </ul>
);

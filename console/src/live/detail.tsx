import { useComputed } from '@preact/signals';
import type { Upload, UploadDetail } from 'longshore/api';
import { useEffect, useRef } from 'preact/hooks';
import { dialectTitle } from '../server/about.js';
import { api } from '../server/api.js';
import { now } from '../server/clock.js';
import { useLoad } from '../server/load.js';
import { uploads } from '../server/stream.js';
import { lives } from '../server/uploads.js';
import { Button } from '../ui/button.js';
import { Copy } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { Digests } from '../ui/digests.js';
import { Facts } from '../ui/facts.js';
import { ProblemNote } from '../ui/problem.js';
import { Progress } from '../ui/progress.js';
import { Ago, Bytes, Moment } from '../ui/values.js';
import { words } from '../words/en.js';
import { duration, speed } from '../words/format.js';
import { Parts } from './parts.js';
import { nameOf, receivedText } from './row.js';
import { secondsLeft, shareOf, standingOf } from './standing.js';
import { StandingBadge, toneOf } from './standing-badge.js';

const { detail } = words.live;

// What is not in the stream is asked for anew once in so many ms while bytes come.
const pace = 2000;

const Body = ({ upload }: { readonly upload: UploadDetail }) => {
  const left = secondsLeft(upload);
  const standing = standingOf(upload, now.value);
  return (
    <>
      <div class="stack detail-progress">
        <Progress share={shareOf(upload)} tone={toneOf(standing)} label={words.live.progressOf(nameOf(upload))} />
        <p>{receivedText(upload)}</p>
      </div>
      <h3>{detail.parts}</h3>
      <Parts upload={upload} />
      <Facts
        facts={[
          [detail.state, <StandingBadge key="state" standing={standing} />],
          [detail.owner, upload.owner],
          [detail.protocol, dialectTitle(upload.dialect)],
          [detail.from, upload.from ?? detail.noFrom],
          [detail.size, upload.size === null ? detail.unknownSize : <Bytes value={upload.size} />],
          [detail.contiguous, <Bytes key="contiguous" value={upload.contiguous} />],
          [detail.speed, upload.bytesPerSecond > 0 ? speed(upload.bytesPerSecond) : undefined],
          [detail.left, left === null ? undefined : duration(left)],
          [detail.started, <Moment key="started" at={upload.createdAt} />],
          [detail.touched, <Ago key="touched" at={upload.touchedAt} />],
          [detail.expires, upload.expiresAt === null ? detail.never : <Moment at={upload.expiresAt} />],
          [detail.tier, detail.tiers[upload.tier]],
          [detail.group, upload.group === null ? undefined : <code>{upload.group}</code>],
          [
            detail.id,
            <span key="id" class="copyable">
              <code>{upload.id}</code>
              <Copy small text={upload.id} what={detail.id} />
            </span>,
          ],
        ]}
      />
      {Object.keys(upload.declared).length > 0 && (
        <>
          <h3>{detail.declared}</h3>
          <Digests digests={upload.declared} />
        </>
      )}
      {Object.keys(upload.digests).length > 0 && (
        <>
          <h3>{detail.digests}</h3>
          <Digests digests={upload.digests} />
        </>
      )}
    </>
  );
};

interface UploadDetailDialogProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onCancel: (upload: Upload) => void;
}

/** All that is known of an upload, live. */
export const UploadDetailDialog = ({ id, onClose, onCancel }: UploadDetailDialogProps) => {
  const { data, error, reload } = useLoad(() => api.upload(id), id);
  const told = useComputed(() => {
    uploads.changes.value;
    return uploads.byId.get(id)?.value;
  }).value;
  const askedAt = useRef(0);
  const known = `${told?.received} ${told?.state}`;
  useEffect(() => {
    const wait = Math.max(0, askedAt.current + pace - Date.now());
    const timer = setTimeout(() => {
      askedAt.current = Date.now();
      reload();
    }, wait);
    return () => clearTimeout(timer);
  }, [known]);
  const upload = data && { ...data, ...told };
  return (
    <Dialog
      form="side"
      title={upload === undefined ? words.loading : nameOf(upload)}
      onClose={onClose}
      actions={
        upload &&
        lives(upload) && (
          <Button kind="danger" icon="close" onClick={() => onCancel(upload)}>
            {words.live.cancel.action}
          </Button>
        )
      }
    >
      {error && <ProblemNote error={error} onRetry={reload} />}
      {upload && <Body upload={upload} />}
    </Dialog>
  );
};

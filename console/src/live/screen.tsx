import { useComputed, useSignal } from '@preact/signals';
import type { Upload } from 'longshore/api';
import { go, href, route } from '../app/router.js';
import { Screen } from '../app/screen.js';
import { now } from '../server/clock.js';
import { isAdmin } from '../server/session.js';
import { throughput, uploads } from '../server/stream.js';
import { totals } from '../server/throughput.js';
import { Figure, Figures } from '../ui/figure.js';
import { words } from '../words/en.js';
import { bytes, count, speed } from '../words/format.js';
import { CancelUpload } from './cancel.js';
import { UploadDetailDialog } from './detail.js';
import { LiveFilters } from './filters.js';
import { LiveList } from './list.js';
import './live.css';
import { figuresOf } from './standing.js';
import { ThroughputCard } from './throughput-card.js';

const { live } = words;

const LiveFigures = () => {
  const {
    live: alive,
    stuck,
    bytesPerSecond,
  } = useComputed(() => {
    uploads.pulse.value;
    return figuresOf(
      [...uploads.byId.values()].map((upload) => upload.peek()),
      now.value,
    );
  }).value;
  const hour = throughput.value === null ? 0 : totals(throughput.value).reduce((sum, step) => sum + step, 0);
  return (
    <Figures>
      <Figure label={live.figures.live} value={count(alive)} />
      <Figure label={live.figures.speed} value={speed(bytesPerSecond)} />
      <Figure label={live.figures.stuck} value={count(stuck)} {...(stuck > 0 ? { tone: 'warn' } : {})} />
      {isAdmin() && <Figure label={live.figures.hour} value={bytes(hour)} />}
    </Figures>
  );
};

/** All uploads that live, as they go. */
export const LiveScreen = () => {
  const cancelling = useSignal<Upload | null>(null);
  const ask = useComputed(() => (upload: Upload): void => {
    cancelling.value = upload;
  }).value;
  const [id] = route.value.rest;
  return (
    <Screen title={words.navigation.live} lead={live.lead(!isAdmin())}>
      <LiveFigures />
      {isAdmin() && <ThroughputCard />}
      <LiveFilters />
      <LiveList onCancel={ask} />
      {id !== undefined && <UploadDetailDialog key={id} id={id} onClose={() => go(href('live'))} onCancel={ask} />}
      {cancelling.value !== null && (
        <CancelUpload
          upload={cancelling.value}
          onClose={() => {
            cancelling.value = null;
          }}
        />
      )}
    </Screen>
  );
};

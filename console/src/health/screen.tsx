import type { Health } from 'longshore/api';
import { useRef } from 'preact/hooks';
import { href } from '../app/router.js';
import { Screen } from '../app/screen.js';
import { about } from '../server/about.js';
import { api } from '../server/api.js';
import { useLoad } from '../server/load.js';
import { health as told } from '../server/stream.js';
import { LinkButton } from '../ui/button.js';
import { Facts } from '../ui/facts.js';
import { Figure, Figures } from '../ui/figure.js';
import { Icon } from '../ui/icon.js';
import { ProblemNote } from '../ui/problem.js';
import { Moment } from '../ui/values.js';
import { words } from '../words/en.js';
import { bytes, count, duration, load } from '../words/format.js';
import { cpuShare } from './cpu.js';
import './health.css';

const { health } = words;
const { figures, jobs, version } = health;

// Bytes; from here on somebody should make room.
const lowRoom = 5 * 2 ** 30;

const Verdict = ({ ready, failing }: Health) => (
  <section class={`card verdict ${ready ? 'good' : 'bad'}`} aria-live="polite">
    <Icon name={ready ? 'check' : 'failed'} size={36} />
    <div>
      <h2>{ready ? health.well : health.ill}</h2>
      <p>{ready ? health.wellText : health.illText}</p>
      {failing.length > 0 && (
        <ul>
          {failing.map((name) => (
            <li key={name}>{health.checks[name] ?? name}</li>
          ))}
        </ul>
      )}
    </div>
  </section>
);

/** How busy the processor was between what was told last and before. */
const useCpu = (now: Health): number | null => {
  const last = useRef<{ readonly health: Health; readonly share: number | null }>({ health: now, share: null });
  if (last.current.health !== now) last.current = { health: now, share: cpuShare(last.current.health, now) };
  return last.current.share;
};

const Told = ({ now }: { readonly now: Health }) => {
  const cpu = useCpu(now);
  const { room, memory, cpuSeconds, startedAt, at } = now;
  const uptime = (at - startedAt) / 1000;
  const low = room !== null && room < lowRoom;
  return (
    <>
      <Verdict {...now} />
      <Figures>
        <Figure
          label={figures.room}
          value={room === null ? figures.noRoom : bytes(room)}
          {...(low ? { tone: 'warn', note: health.lowRoom } : {})}
        />
        <Figure label={figures.uptime} value={duration(uptime)} />
        <Figure label={figures.memory} value={bytes(memory.rss)} note={figures.memoryNote(bytes(memory.heapUsed))} />
        <Figure
          label={figures.cpu}
          value={cpu === null ? words.none : load(cpu)}
          note={figures.cpuNote(load(cpuSeconds / Math.max(1, uptime)))}
        />
        <Figure label={figures.uploads} value={count(now.openUploads)} />
        <Figure label={figures.watchers} value={count(now.watchers)} />
      </Figures>
      <div class="health-parts">
        <section class="card stack" aria-labelledby="health-queue">
          <h2 id="health-queue">{jobs.title}</h2>
          <Facts
            facts={[
              [jobs.waiting, count(now.jobs.waiting)],
              [jobs.running, count(now.jobs.running)],
              [
                jobs.failed,
                <span key="failed" class={now.jobs.failed > 0 ? 'failed-jobs' : undefined}>
                  {count(now.jobs.failed)}
                </span>,
              ],
            ]}
          />
          <div>
            <LinkButton href={href('work', 'queue')}>{jobs.link}</LinkButton>
          </div>
        </section>
        <section class="card stack" aria-labelledby="health-version">
          <h2 id="health-version">{version.title}</h2>
          <Facts
            facts={[
              [version.server, about.value.version],
              [version.node, now.node],
              [version.started, <Moment key="started" at={startedAt} />],
            ]}
          />
        </section>
      </div>
    </>
  );
};

/** How the server is, in plain words, as it changes. */
export const HealthScreen = () => {
  const { data, error, reload } = useLoad(api.health, 'health');
  const now = told.value ?? data;
  return (
    <Screen title={words.navigation.health} lead={health.lead}>
      {error && !now && <ProblemNote error={error} onRetry={reload} />}
      {!now && !error && <p class="soft">{health.waiting}</p>}
      {now && <Told now={now} />}
    </Screen>
  );
};

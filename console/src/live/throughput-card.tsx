import { useSignal } from '@preact/signals';
import { dialectNames, dialectTitle } from '../server/about.js';
import { throughput } from '../server/stream.js';
import { totals } from '../server/throughput.js';
import { Table } from '../ui/table.js';
import { words } from '../words/en.js';
import { bytes, clock, speed } from '../words/format.js';
import { Plot } from './plot.js';
import { spans, stacked, toPlot } from './plot-data.js';

const { plot } = words.live;

const colours = 8;
const rows = 12;
const points = 120;

// A dialect keeps its colour, whoever else sends.
const tokenOf = (dialect: string): string => {
  const at = [...dialectNames()].sort().indexOf(dialect);
  return `--series-${at < 0 ? colours : (at % colours) + 1}`;
};

/** What was received in the past hour: as a plot, in words, and as a table. */
export const ThroughputCard = () => {
  const pointed = useSignal<number | null>(null);
  const told = throughput.value;
  if (told === null) return <section class="card throughput" aria-hidden="true" />;
  const data = toPlot(told, points);
  const sums = totals(told);
  const peak = Math.max(0, ...(stacked(data.lines)[0] ?? []));
  // The end of the last step is the last step still.
  const at = pointed.value === null ? null : Math.min(pointed.value, data.times.length - 1);
  const time = at === null ? undefined : data.times[at];
  return (
    <section class={`card ${data.lines.length > 0 ? 'throughput' : 'stack'}`} aria-labelledby="throughput-title">
      <div class="throughput-head">
        <h2 id="throughput-title">{plot.title}</h2>
        <ul class="legend">
          {data.lines.map(({ dialect, rates }) => (
            <li key={dialect}>
              <span class="swatch" style={{ background: `var(${tokenOf(dialect)})` }} />
              {dialectTitle(dialect)}
              {at !== null && <span class="soft">{speed(rates[at] ?? 0)}</span>}
            </li>
          ))}
          {time !== undefined && <li class="soft">{clock(time * 1000)}</li>}
        </ul>
      </div>
      {data.lines.length === 0 ? (
        <p class="soft">{plot.nothing}</p>
      ) : (
        <>
          <Plot
            data={data}
            tokenOf={tokenOf}
            onPoint={(index) => {
              pointed.value = index;
            }}
          />
          <details>
            <summary>
              <span class="soft small">
                {plot.summary(bytes(sums.reduce((sum, step) => sum + step, 0)), speed(peak))}
              </span>{' '}
              <span class="small">{plot.table}</span>
            </summary>
            <Table
              label={plot.title}
              rows={spans(told, rows)}
              keyOf={({ from }) => from}
              columns={[
                { name: 'time', title: plot.time, heads: true, cell: ({ from }) => clock(from) },
                ...data.lines.map(({ dialect }) => ({
                  name: dialect,
                  title: dialectTitle(dialect),
                  align: 'end' as const,
                  cell: (span: { readonly bytes: Readonly<Record<string, number>> }) => bytes(span.bytes[dialect] ?? 0),
                })),
                { name: 'all', title: plot.all, align: 'end', cell: ({ all }) => bytes(all) },
              ]}
            />
          </details>
        </>
      )}
    </section>
  );
};

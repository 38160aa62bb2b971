import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { isDark } from '../app/theme.js';
import { clock, speed } from '../words/format.js';
import { type PlotData, stacked } from './plot-data.js';

/** The colour of a token as a canvas understands it. */
const resolved = (token: string): string => {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

const faded = (color: string): string => color.replace(/^rgb\(/, 'rgba(').replace(/\)$/, ', 0.22)');

// Round numbers of bytes.
const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power);

const font = '12px system-ui, sans-serif';

interface PlotProps {
  readonly data: PlotData;
  /** The token of a dialect's colour: `--series-1`. */
  readonly tokenOf: (dialect: string) => string;
  /** Which step is pointed at; null: none. */
  readonly onPoint: (index: number | null) => void;
}

const options = (
  { data, tokenOf, onPoint }: PlotProps,
  size: { readonly width: number; readonly height: number },
): uPlot.Options => {
  const soft = resolved('--soft');
  const grid = { stroke: resolved('--line'), width: 1 };
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return {
    ...size,
    padding: [8, 18, 0, 4],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, max) => [0, Math.max(1024, max * 1.1)] } },
    axes: [
      {
        stroke: soft,
        font,
        size: 28,
        grid: { show: false },
        ticks: { ...grid, size: 4 },
        space: 70,
        values: (_, at) => at.map((each) => clock(each * 1000)),
      },
      {
        stroke: soft,
        font,
        grid,
        ticks: { show: false },
        size: 84,
        space: 34,
        incrs: powersOfTwo,
        values: (_, rates) => rates.map((rate) => speed(rate)),
      },
    ],
    bands: data.lines.slice(1).map((_, index) => ({ series: [index + 1, index + 2] as [number, number] })),
    series: [
      {},
      ...data.lines.map(({ dialect }) => {
        const color = resolved(tokenOf(dialect));
        return {
          stroke: color,
          fill: faded(color),
          width: 1.5,
          points: { show: false },
          ...(paths === undefined ? {} : { paths }),
        };
      }),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => onPoint(idx ?? null)] },
  };
};

// A step is drawn up to the next point: the last one needs one more to be seen.
const withEnd = (line: readonly number[], end: number): number[] => [...line, end];

const aligned = ({ times, lines }: PlotData): uPlot.AlignedData =>
  [
    withEnd(times, 2 * (times.at(-1) ?? 0) - (times.at(-2) ?? 0)),
    ...stacked(lines).map((line) => withEnd(line, line.at(-1) ?? 0)),
  ] as uPlot.AlignedData;

/** Lines laid on each other over time. What it shows is told in words and in a table beside it. */
export const Plot = (props: PlotProps) => {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = isDark();
  const names = props.data.lines.map(({ dialect }) => dialect).join(' ');

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const sizeNow = () => ({ width: element.clientWidth, height: element.clientHeight });
    const made = new uPlot(options(props, sizeNow()), aligned(props.data), element);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize(sizeNow()));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [dark, names]);
  useEffect(() => plot.current?.setData(aligned(props.data)), [props.data]);

  return <div class="plot" ref={frame} aria-hidden="true" />;
};

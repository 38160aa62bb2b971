import type { UploadDetail } from 'longshore/api';
import { words } from '../words/en.js';
import { bytes, count, percent } from '../words/format.js';
import { gaps, type Range, toBar } from './ranges.js';
import { shareOf } from './standing.js';

const { detail } = words.live;
const width = 1000;
const told = 4;

// People count bytes from the first to the last one.
const rangeText = ([from, to]: Range): string => detail.range(count(from), count(to - 1));

const missingText = (missing: readonly Range[]): string => {
  if (missing.length === 0) return detail.complete;
  const first = missing.slice(0, told).map(rangeText);
  const more = missing.length - first.length;
  return detail.missing([...first, ...(more > 0 ? [detail.missingMore(more)] : [])].join(', '));
};

/** Which parts of a file are there, as a picture and in words. */
export const Parts = ({ upload }: { readonly upload: UploadDetail }) => {
  const { ranges, received, size } = upload;
  const end = size ?? ranges.at(-1)?.[1] ?? 0;
  const label =
    size === null
      ? detail.partsOpen(ranges.length, bytes(received))
      : detail.partsLabel(ranges.length, percent(shareOf(upload) ?? 0));
  return (
    <figure class="parts">
      <svg viewBox={`0 0 ${width} 10`} preserveAspectRatio="none" role="img" aria-label={label}>
        {ranges.map((range) => (
          <rect key={range[0]} {...toBar(range, end, width)} y={0} height={10} />
        ))}
      </svg>
      <figcaption class="soft small">
        {label}. {size !== null && missingText(gaps(ranges, size))}
      </figcaption>
    </figure>
  );
};

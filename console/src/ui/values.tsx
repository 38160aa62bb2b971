import { now } from '../server/clock.js';
import { words } from '../words/en.js';
import { bytes, date, duration, moment, shortMoment, speed } from '../words/format.js';

/** A number of bytes, with the exact one as a hint. */
export const Bytes = ({ value }: { readonly value: number }) => (
  <data value={value} title={`${value.toLocaleString('en-GB')} B`}>
    {bytes(value)}
  </data>
);

/** Bytes per second. */
export const Speed = ({ value }: { readonly value: number }) => <span>{value > 0 ? speed(value) : words.none}</span>;

/** A moment (ms since 1970), short, with the full one as a hint. */
export const Moment = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()} title={moment(at)}>
    {shortMoment(at, now.peek())}
  </time>
);

/** The day of a moment, with the full one as a hint. */
export const Day = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()} title={moment(at)}>
    {date(at)}
  </time>
);

/** How long ago a moment was, by the server's clock; it goes on while it is shown. */
export const Ago = ({ at }: { readonly at: number }) => {
  const seconds = (now.value - at) / 1000;
  const text = seconds < 1 ? words.units.now : words.units.ago(duration(seconds));
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {text}
    </time>
  );
};

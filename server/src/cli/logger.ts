import { Writable } from 'node:stream';
import { destination, type Logger, pino } from 'pino';
import type { LogOptions } from '../config/log.js';

const hidden = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err']);
const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: '', 40: 'WARNING', 50: 'ERROR' };

/** How long, in ms, a line of the log may wait for others. */
const flushEvery = 250;

/** One line of pino's JSON as people read it: `12:00:05 request route="tus PATCH" status=204`. */
export const readable = (json: string): string => {
  const line = JSON.parse(json) as Record<string, unknown>;
  const facts = Object.entries(line)
    .filter(([name]) => !hidden.has(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const time = new Date(Number(line.time)).toISOString().slice(11, 19);
  const words = [time, levels[Number(line.level)] ?? '', String(line.msg), ...facts].filter((word) => word !== '');
  const { stack } = (line.err ?? {}) as { stack?: string };
  return stack === undefined ? words.join(' ') : `${words.join(' ')}\n${stack}`;
};

/** A log on the standard error stream; `level` overrules that of the options. */
export const openLog = (options: LogOptions, level: LogOptions['level'] = options.level): Logger => {
  const text = options.format === 'text' || (options.format === 'auto' && process.stderr.isTTY);
  if (!text) {
    // Lines are gathered: writing each by itself costs more than many a request.
    const errors = destination({ dest: 2, sync: false, minLength: 4096 });
    setInterval(() => errors.flush(), flushEvery).unref();
    return pino({ level }, errors);
  }
  const people = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      process.stderr.write(`${readable(bytes.toString())}\n`, done);
    },
  });
  return pino({ level }, people);
};

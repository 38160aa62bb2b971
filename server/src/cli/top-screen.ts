import type { ReadStream, WriteStream } from 'node:tty';
import type { Room } from './top-table.js';

/** Something that shows lines, over and over. */
export interface Screen {
  /** Shows what `lines` makes of the room there is, and again when the room changes. */
  show(lines: (room?: Room) => string[]): void;
  /** Puts the terminal back as it was. */
  close(): void;
}

/** The part of a terminal that a screen is made of. */
export interface Tty {
  readonly output: Pick<WriteStream, 'write' | 'columns' | 'rows' | 'on' | 'off'>;
  readonly input: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;
}

const control = '\x1b[';
/** A page of its own, so that what was there before comes back; without a cursor. */
const enter = `${control}?1049h${control}?25l`;
const leave = `${control}?25h${control}?1049l`;
const home = `${control}H`;
const clearLine = `${control}K`;
const clearBelow = `${control}J`;

/** `q`, Ctrl-C and Ctrl-D. */
const quitting: ReadonlySet<string> = new Set(['q', 'Q', '\x03', '\x04']);

/** A whole terminal, drawn over and over. `quit`: told of `q` and of Ctrl-C. */
export const ttyScreen = ({ output, input }: Tty, quit: () => void): Screen => {
  let latest: ((room?: Room) => string[]) | undefined;
  const draw = (): void => {
    if (latest === undefined) return;
    const room = { columns: output.columns ?? 80, rows: output.rows ?? 24 };
    output.write(`${home}${latest(room).join(`${clearLine}\r\n`)}${clearLine}${clearBelow}`);
  };
  const pressed = (keys: Buffer | string): void => {
    if ([...keys.toString()].some((key) => quitting.has(key))) quit();
  };
  output.write(enter);
  output.on('resize', draw);
  if (input.isTTY) input.setRawMode(true);
  input.on('data', pressed);
  input.resume();
  return {
    show: (lines) => {
      latest = lines;
      draw();
    },
    close: () => {
      output.off('resize', draw);
      input.off('data', pressed);
      if (input.isTTY) input.setRawMode(false);
      input.pause();
      output.write(leave);
    },
  };
};

/** Lines behind each other, for pipes and logs; `apart`: with an empty one between. */
export const plainScreen = (print: (line: string) => void, { apart }: { apart: boolean }): Screen => ({
  show: (lines) => {
    for (const line of lines()) print(line);
    if (apart) print('');
  },
  close: () => undefined,
});

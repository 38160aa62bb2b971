import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { plainScreen, type Tty, ttyScreen } from './top-screen.js';

const openTty = () => {
  let written = '';
  const raw: boolean[] = [];
  const output = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    write: (text: string) => {
      written += text;
      return true;
    },
  });
  const input = Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: (mode: boolean) => raw.push(mode),
    resume: () => undefined,
    pause: () => undefined,
  });
  const take = (): string => {
    const text = written;
    written = '';
    return text;
  };
  return { tty: { output, input } as unknown as Tty, output, input, raw, take };
};

test('a screen is drawn over, and again when its size changes; the terminal is put back in the end', () => {
  const { tty, output, raw, take } = openTty();
  const screen = ttyScreen(tty, () => undefined);
  expect(take()).toBe('\x1b[?1049h\x1b[?25l');
  screen.show((room) => [`${room?.columns}x${room?.rows}`, 'b']);
  expect(take()).toBe('\x1b[H80x24\x1b[K\r\nb\x1b[K\x1b[J');
  Object.assign(output, { columns: 40, rows: 10 });
  output.emit('resize');
  expect(take()).toContain('40x10');
  screen.close();
  expect(take()).toBe('\x1b[?25h\x1b[?1049l');
  expect(raw).toEqual([true, false]);
  output.emit('resize');
  expect(take()).toBe('');
});

test('q and Ctrl-C end it, other keys do not', () => {
  const { tty, input } = openTty();
  let quits = 0;
  const screen = ttyScreen(tty, () => {
    quits += 1;
  });
  for (const key of ['x', '\x1b[A', 'q', '\x03']) input.emit('data', Buffer.from(key));
  expect(quits).toBe(2);
  screen.close();
  expect(input.listenerCount('data')).toBe(0);
});

test('elsewhere lines follow each other', () => {
  const lines: string[] = [];
  plainScreen((line) => lines.push(line), { apart: true }).show(() => ['a', 'b']);
  plainScreen((line) => lines.push(line), { apart: false }).show(() => ['c']);
  expect(lines).toEqual(['a', 'b', '', 'c']);
});

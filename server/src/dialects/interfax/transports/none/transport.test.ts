import { expect, test } from 'vitest';
import { manualClock } from '../../../../kit/clock.js';
import type { Outgoing } from '../transport.js';
import { noneTransport } from './transport.js';

const settled = async () => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

const never = new AbortController().signal;

const fax = (number: string, attempt = 1): Outgoing => ({
  id: 7,
  key: '7-a',
  attempt,
  number,
  contact: '',
  csid: '',
  subject: '',
  owner: 'ann',
  submittedAt: 0,
  image: { bytes: async function* () {}, size: 0, pages: 4, pageSize: 'A4', resolution: 'Fine' },
  noted: '',
});

const sent = async (number: string, attempt?: number) => {
  const told: string[] = [];
  const line = {
    note: async (what: string) => void told.push(what),
    onLine: async (isOn: boolean) => void told.push(isOn ? 'on' : 'off'),
  };
  const { status, pagesSent } = await noneTransport(0, manualClock()).send(fax(number, attempt), line, never);
  expect(told).toEqual(['on']);
  return [status, pagesSent];
};

test('the last digits of a number say how a fax comes out', async () => {
  expect(await sent('00441234560000')).toEqual([0, 4]);
  expect(await sent('00441234560001')).toEqual([263, 0]);
  expect(await sent('00441234560002')).toEqual([3935, 0]);
  expect(await sent('00441234560003')).toEqual([3912, 0]);
  expect(await sent('00441234560004')).toEqual([3223, 1]);
  expect(await sent('00441234560005')).toEqual([3211, 0]);
  expect(await sent('00441234560006')).toEqual([6021, 0]);
  expect(await sent('00441234560007')).toEqual([263, 0]);
  expect(await sent('00441234560007', 2)).toEqual([0, 4]);
});

test('a fax is on the line for as long as it is told, and one may wait until it is cancelled', async () => {
  const clock = manualClock();
  const transport = noneTransport(5000, clock);
  const line = { note: async () => undefined, onLine: async () => undefined };
  let isOver = false;
  const sending = transport.send(fax('00441234560000'), line, never).then((outcome) => {
    isOver = true;
    return outcome;
  });
  await settled();
  clock.advance(4999);
  await settled();
  expect(isOver).toBe(false);
  clock.advance(1);
  expect(await sending).toMatchObject({ status: 0, duration: 5 });

  const stop = new AbortController();
  const waiting = transport.send(fax('00441234560008'), line, stop.signal);
  clock.advance(24 * 3600 * 1000);
  stop.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
});

import type { Clock } from '../../../../kit/clock.js';
import { statuses } from '../../faxes/statuses.js';
import { type Line, type Outcome, type Outgoing, type Transport, Unreachable } from '../transport.js';
import { statusOf } from './codes.js';
import { findJob, type HylafaxJob, makeJob, removeJob } from './jobs.js';
import { type HylafaxAddress, HylafaxRefusal, type HylafaxSession, withSession } from './session.js';

/** How faxes are handed to a HylaFAX server. */
export interface HylafaxOptions extends HylafaxAddress {
  /** A modem or a class of modems. */
  readonly modem: string;
  /** Dialled before every number: for an outside line. */
  readonly prefix: string;
  /** What is dialled for the `00` of a canonical number. */
  readonly international: string;
  /** ms between two looks at a job. */
  readonly poll: number;
}

/** What HylaFAX calls paper of these sizes: whole mm, rounded down. */
const papers = {
  A4: { width: 209, length: 296 },
  Letter: { width: 215, length: 279 },
  Legal: { width: 215, length: 355 },
  B4: { width: 255, length: 363 },
} as const satisfies Readonly<Record<Outgoing['image']['pageSize'], { width: number; length: number }>>;

/** What is noted of a job: its number, and whether it was submitted for sure. */
interface Note {
  readonly number: string;
  readonly isSubmitted: boolean;
}
const noteOf = ({ number, isSubmitted }: Note): string => `${number}${isSubmitted ? '' : '?'}`;
const readNote = (noted: string): Note => ({ number: noted.replace('?', ''), isSubmitted: !noted.endsWith('?') });

/** Hands faxes to a HylaFAX server by its client protocol, and asks it from time to time what has become of them. */
export const hylafaxTransport = (options: HylafaxOptions, clock: Clock): Transport => {
  const dialled = (number: string): string =>
    options.prefix + number.replace(/^00/, options.international).replace(/[^0-9*#+,wW-]/g, '');
  const tagOf = ({ key, attempt }: Outgoing): string => `${key}-${attempt}`;

  const submit = async (session: HylafaxSession, fax: Outgoing, line: Line): Promise<string> => {
    const { csid, number: to, image } = fax;
    const file = await session.store(image.bytes());
    const number = await makeJob(session, {
      tag: tagOf(fax),
      user: options.user,
      dial: dialled(to),
      modem: options.modem,
      csid,
      file,
      lines: image.resolution === 'Fine' ? 196 : 98,
      ...papers[image.pageSize],
    });
    await line.note(noteOf({ number, isSubmitted: false }));
    await session.command('JSUBM');
    await line.note(noteOf({ number, isSubmitted: true }));
    return number;
  };

  /** The job that an earlier process submitted; undefined where it surely was not. */
  const resumed = async (session: HylafaxSession, fax: Outgoing): Promise<string | undefined> => {
    if (fax.noted === '') return undefined;
    const { number, isSubmitted } = readNote(fax.noted);
    if (isSubmitted) return number;
    const job = await findJob(session, number);
    // Made, and not submitted: it is still suspended, or went with its session. A number may have been given anew.
    return job && job.tag === tagOf(fax) && job.state !== 'SUSPENDED' ? number : undefined;
  };

  const outcome = (job: HylafaxJob, began: number | undefined): Outcome => ({
    status: job.state === 'DONE' ? statuses.sent : statusOf(job.code, job.status),
    pagesSent: job.pages,
    duration: began === undefined ? 0 : Math.round((clock.now() - began) / 1000),
    remoteCsid: '',
  });

  /** Looks at a job until it is over. */
  const follow = async (number: string, fax: Outgoing, line: Line, signal: AbortSignal): Promise<Outcome> => {
    let began: number | undefined;
    for (;;) {
      signal.throwIfAborted();
      let job: HylafaxJob | undefined;
      try {
        // A session for each look: those of HylaFAX do not always notice that a job has moved on.
        job = await withSession(options, signal, (session) => findJob(session, number));
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        // It was handed over: whatever has become of it is told when the server is there again.
        await clock.sleep(options.poll, signal);
        continue;
      }
      // It is known no longer, so nobody can say; it may have been sent, and must not be sent twice.
      if (!job || job.tag !== tagOf(fax))
        return { status: statuses.internalError, pagesSent: 0, duration: 0, remoteCsid: '' };
      if (job.state === 'DONE' || job.state === 'FAILED') return outcome(job, began);
      const isActive = job.state === 'ACTIVE';
      if (isActive !== (began !== undefined)) await line.onLine(isActive);
      began = isActive ? (began ?? clock.now()) : undefined;
      await clock.sleep(options.poll, signal);
    }
  };

  return {
    name: 'hylafax',
    send: async (fax, line, signal) => {
      let number: string;
      try {
        number = await withSession(
          options,
          signal,
          async (session) => (await resumed(session, fax)) ?? (await submit(session, fax, line)),
        );
      } catch (error) {
        // A no may be for now: the server is full, or being tended.
        if (error instanceof HylafaxRefusal) throw new Unreachable(error.message, { cause: error });
        throw error;
      }
      return follow(number, fax, line, signal);
    },
    withdraw: (noted) =>
      withSession(options, AbortSignal.timeout(options.timeout), (session) =>
        removeJob(session, readNote(noted).number),
      ),
  };
};

import { HylafaxRefusal, type HylafaxSession, quoted } from './session.js';

/** States of a job in HylaFAX's queue. */
export type JobState = 'SUSPENDED' | 'PENDING' | 'SLEEPING' | 'BLOCKED' | 'READY' | 'ACTIVE' | 'DONE' | 'FAILED';

/** What HylaFAX knows of a job. */
export interface HylafaxJob {
  readonly state: JobState;
  /** Its tag, by which we know it again. */
  readonly tag: string;
  readonly code: number;
  readonly status: string;
  readonly pages: number;
}

/** How a fax is to be sent. */
export interface JobSpec {
  readonly tag: string;
  readonly user: string;
  readonly dial: string;
  readonly modem: string;
  readonly csid: string;
  readonly file: string;
  /** Lines an inch. */
  readonly lines: number;
  /** Of the page, in mm. */
  readonly width: number;
  readonly length: number;
}

/** Makes a job of which nothing is sent before it is submitted; gives its number. */
export const makeJob = async ({ command }: HylafaxSession, spec: JobSpec): Promise<string> => {
  const { text } = await command('JNEW');
  const number = /jobid: (\d+)/.exec(text)?.[1];
  if (number === undefined) throw new Error(`HylaFAX names no job: ${text}`);
  const parameters: readonly (readonly [string, string])[] = [
    ['FROMUSER', quoted(spec.user)],
    ['DIALSTRING', quoted(spec.dial)],
    ['EXTERNAL', quoted(spec.dial)],
    ['MODEM', quoted(spec.modem)],
    ['JOBINFO', quoted(spec.tag)],
    // One call for each attempt: whether there is another is decided by us.
    ['MAXDIALS', '1'],
    ['MAXTRIES', '1'],
    // A day until it gives up waiting for a modem.
    ['LASTTIME', '010000'],
    ['NOTIFY', quoted('none')],
    ['VRES', String(spec.lines)],
    ['PAGEWIDTH', String(spec.width)],
    ['PAGELENGTH', String(spec.length)],
    ['PAGECHOP', quoted('none')],
    // The pages have their own header.
    ['USETAGLINE', quoted('YES')],
    ['TAGLINE', quoted('')],
    ...(spec.csid === '' ? [] : [['TSI', quoted(spec.csid)] as const]),
    ['DOCUMENT', spec.file],
  ];
  for (const [name, value] of parameters) await command(`JPARM ${name} ${value}`);
  return number;
};

const states: readonly string[] = [
  'SUSPENDED',
  'PENDING',
  'SLEEPING',
  'BLOCKED',
  'READY',
  'ACTIVE',
  'DONE',
  'FAILED',
] satisfies JobState[];
const isState = (text: string): text is JobState => states.includes(text);

/** What has become of a job; undefined where HylaFAX does not know it, or no longer. */
export const findJob = async ({ command }: HylafaxSession, number: string): Promise<HylafaxJob | undefined> => {
  try {
    await command(`JOB ${number}`);
  } catch (error) {
    if (error instanceof HylafaxRefusal && error.reply.code >= 500) return undefined;
    throw error;
  }
  const { text } = await command('JPARM');
  const value = (name: string): string => new RegExp(`^ *${name}: (.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const state = value('STATE');
  if (!isState(state)) throw new Error(`HylaFAX has a job in the state ${state}`);
  return {
    state,
    tag: value('JOBINFO'),
    code: Number(value('STATUSCODE').replace(/\D/g, '')),
    status: value('STATUS'),
    pages: Number(value('NPAGES')) || 0,
  };
};

/** Ends a job for good, whether it waits or is done; one that is on the line is hung up. Nothing where it is unknown. */
export const removeJob = async ({ command }: HylafaxSession, number: string): Promise<void> => {
  for (const line of [`JKILL ${number}`, `JDELE ${number}`]) {
    try {
      await command(line);
    } catch (error) {
      // It is in another state, or not there.
      if (!(error instanceof HylafaxRefusal)) throw error;
    }
  }
};

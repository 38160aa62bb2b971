import { resolve } from 'node:path';
import { backoff } from '../../kit/backoff.js';
import { byteBudget } from '../../kit/budget.js';
import type { Json } from '../../kit/json.js';
import type { Job, Worker } from '../../services/jobs/jobs.js';
import type { Host } from '../dialect.js';
import type { DeliveryOptions } from './delivery-options.js';
import type { Fax } from './faxes/fax.js';
import { type Faxes, faxJobKind, readFaxJob } from './faxes/faxes.js';
import { type Status, statuses } from './faxes/statuses.js';
import { imaging } from './imaging.js';
import { RenderFailure } from './rendering/failure.js';
import { openRenderer, type Renderer } from './rendering/renderer.js';
import { openTransport } from './transports/open.js';
import {
  type Line,
  type Outcome,
  type Outgoing,
  type Transport,
  Unreachable,
  Withdrawn,
} from './transports/transport.js';

/** What deliveries are made with; tests bring their own. */
export interface DeliveryParts {
  readonly renderer?: Renderer;
  readonly transport?: Transport;
}

/** Outcomes after which another attempt may do better. */
const passing: ReadonlySet<Status> = new Set([
  statuses.telephonyError,
  statuses.busy,
  statuses.noAnswer,
  statuses.humanAnswered,
  statuses.noResponse,
  statuses.disconnected,
  statuses.hungUp,
]);

/** How often a fax whose delivery fails by our fault is taken up again, before it is given up. */
const mostFaults = 8;

/** ms between two looks whether a transport can be reached again: at first, and in the end. */
const unreachableFor = { first: 5000, longest: 60_000 };

const outgoing = ({ engine }: Host, fax: Fax, image: NonNullable<Fax['image']>): Outgoing => {
  const { id, recipient, settings, owner, submittedAt, transportId, attemptsMade, job } = fax;
  const { object, size, pages } = image;
  const { csid, subject, pageSize, resolution } = settings;
  const bytes = () => engine.readObject(object, { start: 0, end: size });
  return {
    id,
    key: `${id}-${job.toLowerCase().replace(/[^0-9a-z]/g, '')}`,
    attempt: attemptsMade + 1,
    number: recipient.number,
    contact: recipient.contact,
    csid,
    subject,
    owner,
    submittedAt,
    image: { bytes, size, pages, pageSize, resolution },
    noted: transportId,
  };
};

/**
 * Who brings faxes to their ends: renders each once, hands it to the transport, and tries again as often as the fax says.
 * Every step rests in the ledger, so that a job that is run again goes on where the last one was.
 */
export const faxWorker = (
  host: Host,
  faxes: Faxes,
  options: DeliveryOptions,
  { renderer: given, transport: lent }: DeliveryParts = {},
): Worker => {
  const { clock, log } = host;
  const transport = lent ?? openTransport(host, options);
  const renderer =
    given ??
    openRenderer({
      folder: resolve(host.data, options.renderFolder),
      mostPages: options.maxPages,
      time: options.renderTime,
      memory: options.renderMemory,
      disk: options.renderDisk,
      libreOffice: options.libreOffice,
      ghostscript: options.ghostscript,
    });
  const image = imaging(host, faxes, renderer, byteBudget(options.renderingsAtOnce));
  const wait = backoff(unreachableFor);

  /** Throws `Withdrawn` where the fax is over. */
  const need = (isStill: boolean): void => {
    if (!isStill) throw new Withdrawn('the fax is over');
  };

  const lineOf = (id: number, noted: (what: string) => void): Line => ({
    note: async (transportId) => {
      noted(transportId);
      need(await faxes.progress(id, statuses.sending, { transportId }));
    },
    onLine: async (onLine) => need(await faxes.progress(id, statuses.sending, { onLine })),
  });

  /** One attempt at a transmission; waits for a transport that cannot be reached. */
  const attempt = async (fax: Outgoing, line: Line, signal: AbortSignal): Promise<Outcome> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await transport.send(fax, line, signal);
      } catch (error) {
        if (!(error instanceof Unreachable) || signal.aborted) throw error;
        log.warn({ err: error, fax: fax.id, transport: transport.name }, 'the fax transport cannot be reached');
        await clock.sleep(wait(failures), signal);
        signal.throwIfAborted();
      }
    }
  };

  /** Takes what the transport has back, if the fax is over; then there is nothing more to do. */
  const withdrawn = async (id: number, noted: string): Promise<boolean> => {
    if (await faxes.take(id)) return false;
    if (noted !== '')
      await transport.withdraw(noted).catch((error: unknown) => {
        log.warn({ err: error, fax: id, transport: transport.name }, 'a cancelled fax could not be taken back');
      });
    return true;
  };

  const deliver = async (id: number, signal: AbortSignal): Promise<Json> => {
    let fax = await faxes.take(id);
    let noted = fax?.transportId ?? '';
    try {
      for (;;) {
        if (!fax) return { status: null };
        const drawn = fax.image ?? (await image(fax, signal));
        const sending = outgoing(host, fax, drawn);
        const line = lineOf(id, (what) => {
          noted = what;
        });
        const { status, ...known } = await attempt(sending, line, signal);
        const made = { ...known, attemptsMade: sending.attempt, transportId: '' };
        noted = '';
        if (!passing.has(status) || sending.attempt >= fax.settings.attempts) {
          await faxes.finished(id, status, made);
          return { status };
        }
        log.info({ fax: id, status, attempt: sending.attempt }, 'a fax did not go through, and is tried again later');
        need(await faxes.progress(id, statuses.sending, made));
        await clock.sleep(options.retryInterval, signal);
        signal.throwIfAborted();
        fax = await faxes.take(id);
      }
    } catch (error) {
      if ((signal.aborted || error instanceof Withdrawn) && (await withdrawn(id, noted))) return { status: null };
      throw error;
    }
  };

  return {
    kind: faxJobKind,
    concurrency: options.faxesAtOnce,
    run: async (job: Job, signal) => {
      const { fax: id } = readFaxJob(job.input);
      try {
        return await deliver(id, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        if (error instanceof RenderFailure) {
          log.info({ fax: id, reason: error.reason, err: error }, 'a fax cannot be rendered');
          await faxes.finished(id, statuses.renderingError);
          return { status: statuses.renderingError, reason: error.message };
        }
        if (job.attempts < Math.min(mostFaults, job.maxAttempts)) throw error;
        log.error({ fax: id, err: error }, 'a fax is given up');
        await faxes.finished(id, statuses.internalError);
        return { status: statuses.internalError };
      }
    },
  };
};

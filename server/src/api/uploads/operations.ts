import { isName } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { Upload as EngineUpload } from '../../engine/upload.js';
import type { UploadQuery } from '../../engine/verbs.js';
import type { ApiHost } from '../host.js';
import { mostFollowed } from '../live/traces.js';
import { type AccountVisit, type Operation, operation } from '../operation.js';
import { choiceIn, limitIn, maySee, numberIn, ownerIn, ownerQuery } from '../query.js';
import { Events, UploadDetail, UploadStateName, Uploads } from '../shapes/index.js';
import { cancelUpload } from './cancel.js';
import { listEvents } from './events.js';

const tag = 'uploads';

/** Most ranges that are told of one upload. */
const mostRanges = 1_000;

/** The upload that the path names. Refuses `no-such-upload`, also for somebody else's. */
const needUpload = async ({ host, exchange: { params }, caller }: AccountVisit): Promise<EngineUpload> => {
  const { id = '' } = params;
  const upload = isName(id) ? await host.engine.find(id) : undefined;
  if (!upload || !maySee(caller, upload.owner)) throw new Refusal('no-such-upload', { id });
  return upload;
};

/** Uploads in the order of their ids: of all states, or those that live. */
const list = async (
  { engine, live }: ApiHost,
  query: UploadQuery & { readonly limit: number },
): Promise<readonly EngineUpload[]> => {
  if (query.states) return engine.list(query);
  const { after = '', owner, dialect, limit } = query;
  const matches = (upload: EngineUpload): boolean =>
    upload.id > after &&
    (owner === undefined || upload.owner === owner) &&
    (dialect === undefined || upload.dialect === dialect);
  const followed = await live.live();
  // Beyond that not all of them are followed.
  if (followed.length >= mostFollowed) return engine.list({ ...query, states: ['open', 'sealed'] });
  return followed.filter(matches).slice(0, limit);
};

/** Uploads, and what became of them. */
export const uploadOperations: readonly Operation[] = [
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/uploads',
      tag,
      summary: 'Uploads in the order of their ids: those that are not over, unless a state is asked for.',
      query: {
        state: `Only in this state: ${UploadStateName.options.join(', ')}.`,
        dialect: 'Only of this protocol.',
        owner: ownerQuery,
        after: 'An id: only uploads behind it.',
        limit: 'At most so many: 100 unless told, 1000 at most.',
      },
      answer: Uploads,
    },
    async ({ host, exchange, caller }) => {
      const limit = limitIn(exchange);
      const state = choiceIn(exchange, 'state', UploadStateName.options);
      const owner = ownerIn(exchange, caller);
      const dialect = exchange.query.get('dialect') || undefined;
      const after = exchange.query.get('after') || undefined;
      const found = await list(host, {
        limit,
        ...(state !== undefined && { states: [state] }),
        ...(owner !== undefined && { owner }),
        ...(dialect !== undefined && { dialect }),
        ...(after !== undefined && { after }),
      });
      return {
        uploads: found.map((upload) => host.live.shapeOf(upload)),
        next: found.length < limit ? null : (found.at(-1)?.id ?? null),
      };
    },
  ),
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/uploads/:id',
      tag,
      summary: 'One upload, with all that is known of it.',
      answer: UploadDetail,
    },
    async (visit) => {
      const { engine, live } = visit.host;
      const upload = await needUpload(visit);
      const ranges = await engine.ranges(upload.id);
      return {
        ...live.shapeOf(upload),
        contiguous: upload.contiguous,
        ranges: ranges.slice(0, mostRanges).map(({ start, end }): [number, number] => [start, end]),
        declared: { ...upload.declared },
        digests: { ...upload.digests },
        group: upload.group,
        tier: upload.tier,
      };
    },
  ),
  operation(
    {
      access: 'account',
      method: 'DELETE',
      path: '/uploads/:id',
      tag,
      summary: 'Ends an upload that is not over, and removes its bytes. Ending it once more is no error.',
      answer: null,
    },
    async (visit) => {
      visit.caller.need('upload');
      const { id } = await needUpload(visit);
      await cancelUpload(visit.host.engine, id);
    },
  ),
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/events',
      tag,
      summary: 'How uploads ended, the newest first.',
      query: {
        before: 'The number of an event: only those that happened before it.',
        owner: ownerQuery,
        limit: 'At most so many: 100 unless told, 1000 at most.',
      },
      answer: Events,
    },
    async ({ host, exchange, caller }) =>
      listEvents(host.ledger, {
        before: numberIn(exchange, 'before'),
        owner: ownerIn(exchange, caller),
        limit: limitIn(exchange),
      }),
  ),
];

import type { Exchange, Reply, Route } from '../../../../http/exchange.js';
import { no } from '../../codes.js';
import type { Fax } from '../../faxes/fax.js';
import { readRecipients } from '../../faxes/numbers.js';
import { cancelFaxes, hideFaxes, needBatch, needFax, resendFax } from '../../own-faxes.js';
import { createdReply, emptyReply, jsonReply } from '../answers.js';
import { type RestParts, restRoute, type Visit } from '../visit.js';
import { readBatchList } from './batch-list.js';
import { listCompleted, listFaxes, searchFaxes } from './listing.js';
import { batchShape, longFax, shortFax } from './shapes.js';
import { submitFax } from './submitting.js';

const faxes = '/outbound/faxes';
const batches = '/outbound/batches';

/** The id in a path; 0, which none has, where it is no number. */
const idIn = ({ params }: Exchange): number => (/^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : 0);

const oneFax = (visit: Visit): Promise<Fax> => needFax(visit, visit.caller, idIn(visit.exchange));
const oneBatch = (visit: Visit): Promise<[Fax, ...Fax[]]> => needBatch(visit, visit.caller, idIn(visit.exchange));

/** As many faxes as are in the batch, or as the list has. */
const shown = (found: readonly Fax[], { exchange }: Visit, shape: (fax: Fax, exchange: Exchange) => object): Reply =>
  jsonReply(
    200,
    found.map((fax) => shape(fax, exchange)),
  );

const send = async (visit: Visit): Promise<Reply> => {
  const { argument, options, exchange } = visit;
  const recipients = readRecipients(argument('faxNumber'), argument('contact'), options.country);
  if (recipients?.length !== 1) throw no('noRecipient');
  return createdReply(exchange, `${faxes}/${await submitFax(visit, recipients)}`);
};

const image = async (visit: Visit): Promise<Reply> => {
  const { image: found } = await oneFax(visit);
  if (!found) throw no('noImage');
  return {
    status: 200,
    headers: { 'cache-control': 'private', 'content-type': 'image/tiff', 'content-length': found.size },
    body: visit.host.engine.readObject(found.object, { start: 0, end: found.size }),
  };
};

/** The routes of faxes (specs/interfax.md §11.6, §11.7). */
export const faxRoutes = (parts: RestParts): Route[] => [
  restRoute(parts, ['POST', faxes, 'fax'], send),
  restRoute(parts, ['GET', faxes, 'faxes'], async (visit) =>
    shown(await listFaxes(visit, ({ batchSize }) => batchSize === 1), visit, longFax),
  ),
  restRoute(parts, ['GET', `${faxes}/completed`, 'completed faxes'], async (visit) =>
    shown(await listCompleted(visit), visit, shortFax),
  ),
  restRoute(parts, ['GET', '/outbound/search', 'fax search'], async (visit) =>
    shown(await searchFaxes(visit), visit, longFax),
  ),
  restRoute(parts, ['GET', `${faxes}/:id`, 'fax status'], async (visit) => {
    await visit.polls.count(visit.caller.account.name);
    return jsonReply(200, longFax(await oneFax(visit), visit.exchange));
  }),
  restRoute(parts, ['GET', `${faxes}/:id/image`, 'fax image'], image),
  restRoute(parts, ['POST', `${faxes}/:id/cancel`, 'fax cancel'], async (visit) => {
    await cancelFaxes(visit, [await oneFax(visit)]);
    return emptyReply(200);
  }),
  restRoute(parts, ['POST', `${faxes}/:id/resend`, 'fax resend'], async (visit) => {
    const { exchange, caller, argument } = visit;
    const id = await resendFax(visit, caller, { id: idIn(exchange), number: argument('faxNumber') });
    return createdReply(exchange, `${faxes}/${id}`);
  }),
  restRoute(parts, ['POST', `${faxes}/:id/hide`, 'fax hide'], async (visit) => {
    await hideFaxes(visit, [await oneFax(visit)]);
    return emptyReply(200);
  }),
];

/** The routes of batches: one fax to many. */
export const batchRoutes = (parts: RestParts): Route[] => [
  restRoute(parts, ['POST', batches, 'batch'], async (visit) => {
    const recipients = await readBatchList(visit.argument('list'), visit.options.country);
    return createdReply(visit.exchange, `${batches}/${await submitFax(visit, recipients)}`);
  }),
  restRoute(parts, ['GET', batches, 'batches'], async (visit) =>
    shown(await listFaxes(visit, ({ id, parent, batchSize }) => id === parent && batchSize > 1), visit, batchShape),
  ),
  restRoute(parts, ['GET', `${batches}/:id/children`, 'batch faxes'], async (visit) =>
    shown(await oneBatch(visit), visit, shortFax),
  ),
  restRoute(parts, ['POST', `${batches}/:id/cancel`, 'batch cancel'], async (visit) => {
    await cancelFaxes(visit, await oneBatch(visit));
    return emptyReply(200);
  }),
  restRoute(parts, ['POST', `${batches}/:id/hide`, 'batch hide'], async (visit) => {
    await hideFaxes(visit, await oneBatch(visit));
    return emptyReply(200);
  }),
];

import type { FactReader } from '../../../../engine/ports.js';
import { no } from '../../codes.js';
import type { FaxDocument, FaxSettings, Recipient } from '../../faxes/fax.js';
import { readPostpone, recording } from '../../sending.js';
import { settingsOf } from '../../settings.js';
import type { Visit } from '../visit.js';
import { type Gathered, gather } from './gathering.js';

const momentForm = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** A moment as clients write it; without a zone it is GMT. Undefined for what is none. */
export const readMoment = (text: string): Date | undefined => {
  const form = momentForm.exec(text);
  if (!form) return undefined;
  const moment = new Date(form[1] === undefined && text.length > 10 ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
};

const readSettings = ({ argument, options }: Visit): FaxSettings =>
  settingsOf(
    {
      csid: argument('csid'),
      pageHeader: argument('pageHeader'),
      subject: argument('reference'),
      replyAddress: argument('replyAddress'),
      pageSize: argument('pageSize'),
      orientation: argument('pageOrientation'),
      isFine: /^fine$/i.test(argument('resolution')),
      isGreyscale: /^(gr[ea]yscale|fine)$/i.test(argument('rendering')),
      fitToPage: !/^noscale$/i.test(argument('fitToPage')),
      attempts: Number.parseInt(argument('retriesToPerform'), 10) || 0,
    },
    options,
  );

/** Where the documents' bytes are. Refuses -1062 for an uploaded one that there is not, and -1063 where they are too long. */
const locate = async (
  { documents, caller, options }: Visit,
  facts: FactReader,
  { gathered, ownObject }: { gathered: Gathered; ownObject: string | null },
): Promise<FaxDocument[]> => {
  const found: FaxDocument[] = [];
  for (const named of gathered.documents) {
    if ('uploaded' in named) {
      const { object, size, type } = await documents.needReady(facts, named.uploaded, caller.account.name);
      found.push({ object, offset: 0, length: size, type });
    } else found.push({ ...named, object: ownObject ?? '' });
  }
  if (found.reduce((sum, { length }) => sum + length, 0) > options.maxUpload) throw no('tooLarge');
  return found;
};

/**
 * Submits the fax that a request asks for; gives its id, the first where there are several recipients. The faxes, their jobs and
 * the end of what was for a single use are one transaction.
 */
export const submitFax = async (visit: Visit, recipients: readonly Recipient[] | undefined): Promise<number> => {
  const { host, options, caller, argument, faxes, documents } = visit;
  caller.need('upload');
  if (!recipients || recipients.length === 0 || recipients.length > options.maxRecipients) throw no('noRecipient');
  const postponed = argument('postponeTime');
  const moment = postponed === '' ? undefined : readMoment(postponed);
  if (postponed !== '' && !moment) throw no('postponedTooFar');
  const postponedTo = readPostpone(visit, moment);
  const settings = readSettings(visit);
  const gathered = await gather(visit);
  const owner = caller.account.name;
  // Before the bytes become an object; and once more with it, as somebody else may have faxed a document meanwhile.
  await host.ledger.read((facts) => locate(visit, facts, { gathered, ownObject: null }));
  return recording(visit, { caller, inline: gathered.staged }, async (facts, ownObject) => {
    const found = await locate(visit, facts, { gathered, ownObject });
    const parent = await faxes.submit(facts, { owner, recipients, settings, documents: found, postponedTo });
    for (const named of gathered.documents) if ('uploaded' in named) await documents.use(facts, named.uploaded);
    return parent;
  });
};

import type { Exchange } from '../../../../http/exchange.js';
import { priority } from '../../fax-items.js';
import type { Fax } from '../../faxes/fax.js';
import { momentText, uriOf } from '../answers.js';

/** A fax in short: how it went. Nothing is charged for. The order is the vendor's (specs/interfax.md §11.7). */
export const shortFax = (fax: Fax, exchange: Exchange) => ({
  userId: fax.owner,
  pagesSent: fax.pagesSent,
  completionTime: momentText(fax.completedAt),
  remoteCSID: fax.remoteCsid,
  duration: fax.duration,
  priority,
  units: fax.pagesSent,
  costPerUnit: 0,
  attemptsMade: fax.attemptsMade,
  id: fax.id,
  uri: uriOf(exchange, `/outbound/faxes/${fax.id}`),
  status: fax.status,
});

/** A fax with all that is known of it. */
export const longFax = (fax: Fax, exchange: Exchange) => ({
  submitTime: momentText(fax.submittedAt),
  contact: fax.recipient.contact,
  destinationFax: fax.recipient.number,
  replyEmail: fax.settings.replyAddress,
  subject: fax.settings.subject,
  pagesSubmitted: fax.pagesSubmitted,
  senderCSID: fax.settings.csid,
  attemptsToPerform: fax.settings.attempts,
  pageSize: fax.settings.pageSize,
  resolution: fax.settings.resolution,
  pageResolution: fax.settings.resolution,
  pageOrientation: fax.settings.orientation,
  rendering: fax.settings.rendering === 'Greyscale' ? 'Fine' : 'Standard',
  pageHeader: fax.settings.pageHeader,
  ...shortFax(fax, exchange),
});

/** A batch, by its first fax. */
export const batchShape = (first: Fax) => ({
  batchHeadId: first.id,
  userId: first.owner,
  numOfTransactions: first.batchSize,
  submitTime: momentText(first.submittedAt),
  replyEmail: first.settings.replyAddress,
  reference: first.settings.subject,
  pagesSubmitted: first.pagesSubmitted,
  senderCSID: first.settings.csid,
  pageSize: first.settings.pageSize,
  pageOrientation: first.settings.orientation,
  pageResolution: first.settings.resolution,
  renderingQuality: first.settings.rendering === 'Greyscale' ? 'Fine' : 'Standard',
  pageHeader: first.settings.pageHeader,
  attemptsToPerform: first.settings.attempts,
});

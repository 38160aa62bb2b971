import type { Fax } from './faxes/fax.js';
import { noMoment } from './types.js';

const momentOf = (at: number | null): Date => (at === null ? noMoment : new Date(at));

/** A fax as FaxStatus shows it. */
export const faxItem = (fax: Fax) => ({
  TransactionID: fax.id,
  SubmitTime: momentOf(fax.submittedAt),
  PostponeTime: momentOf(fax.postponedTo),
  CompletionTime: momentOf(fax.completedAt),
  DestinationFax: fax.recipient.number,
  RemoteCSID: fax.remoteCsid,
  PagesSent: fax.pagesSent,
  Status: fax.status,
  Duration: fax.duration,
  Subject: fax.settings.subject,
  PagesSubmitted: fax.pagesSubmitted,
});

/** The vendor's middle priority. */
export const priority = 2;

/** A fax as FaxStatusEx and FaxQuery show it. Nothing is charged for. */
export const faxItemEx = (fax: Fax) => ({
  ...faxItem(fax),
  ParentTransactionID: fax.parent,
  UserID: fax.owner,
  Contact: fax.recipient.contact,
  JobID: fax.settings.jobId,
  ReplyEmail: fax.settings.replyAddress,
  SenderCSID: fax.settings.csid,
  Priority: priority,
  Units: fax.pagesSent,
  CostPerUnit: 0,
  PageSize: fax.settings.pageSize,
  PageOrientation: fax.settings.orientation,
  PageResolution: fax.settings.resolution,
  RenderingQuality: fax.settings.rendering,
  PageHeader: fax.settings.pageHeader,
  RetriesToPerform: fax.settings.attempts,
  TrialsPerformed: fax.attemptsMade,
});

/** A fax as FaxQuery2 shows it. */
export const faxItemEx2 = (fax: Fax) => ({
  ...faxItemEx(fax),
  LocaleID: 0,
  GMTBias: 0,
  RetriesInterval: 0,
  UserData: '',
  DeleteAfterUsage: '',
  Mode: '',
  NumOfTransactions: fax.batchSize,
  MessageID: '',
});

import {
  choice,
  dateTime,
  decimal,
  element,
  flag,
  int,
  list,
  object,
  optional,
  short,
  smallBytes,
  type Type,
  text,
} from '../../wire/soap/index.js';

/** A moment in GMT, written without a zone: `2026-10-03T00:36:41` (specs/interfax.md §5). */
const moment: Type<Date> = {
  ...dateTime(),
  write: (name, value) => element(name, {}, value.toISOString().slice(0, 19)),
};

/** What stands for a moment that there is not. */
export const noMoment = new Date('0001-01-01T00:00:00Z');

export const FaxItem = object('FaxItem', {
  TransactionID: int(),
  SubmitTime: moment,
  PostponeTime: moment,
  CompletionTime: moment,
  DestinationFax: text(),
  RemoteCSID: text(),
  PagesSent: short(),
  Status: int(),
  Duration: int(),
  Subject: text(),
  PagesSubmitted: short(),
});

const itemEx = {
  ParentTransactionID: int(),
  TransactionID: int(),
  SubmitTime: moment,
  PostponeTime: moment,
  CompletionTime: moment,
  UserID: text(),
  Contact: text(),
  JobID: text(),
  DestinationFax: text(),
  ReplyEmail: text(),
  RemoteCSID: text(),
  PagesSent: short(),
  Status: int(),
  Duration: int(),
  Subject: text(),
  PagesSubmitted: short(),
  SenderCSID: text(),
  Priority: short(),
  Units: decimal(),
  CostPerUnit: decimal(),
  PageSize: text(),
  PageOrientation: text(),
  PageResolution: text(),
  RenderingQuality: text(),
  PageHeader: text(),
  RetriesToPerform: short(),
  TrialsPerformed: short(),
};
export const FaxItemEx = object('FaxItemEx', itemEx);

export const FaxItemEx2 = object('FaxItemEx2', {
  ...itemEx,
  LocaleID: int(),
  GMTBias: int(),
  RetriesInterval: int(),
  UserData: text(),
  DeleteAfterUsage: text(),
  Mode: text(),
  NumOfTransactions: int(),
  MessageID: text(),
});

const StatusCount = object('StatusCount', { Status: int(), Count: int() });

export const FaxQueryResult = object('FaxQueryResult', {
  ResultCode: int(),
  FaxItems: optional(list(FaxItemEx2, 'FaxItemEx2')),
  Stats: optional(list(StatusCount, 'StatusCount')),
  ErrorsDescriptionHTMLFormat: optional(text()),
  TotalTransactionsNum: int(),
});

export const sqlOperators = [
  'Equals',
  'GreaterThan',
  'GreaterOrEqual',
  'LessThan',
  'LessOrEqual',
  'Like',
  'IncludedIn',
  'Between',
] as const;
export type SqlOperator = (typeof sqlOperators)[number];

export const orderColumns = [
  'TransactionID',
  'SubmitTime',
  'CompletionTime',
  'Status',
  'DestinationFax',
  'Subject',
  'PagesSent',
  'UserID',
  'ReplyEmail',
] as const;
export type OrderColumn = (typeof orderColumns)[number];

/** Described as one that is always there; read as one that may be left out. */
const needed = <T>(type: Type<T>): Type<T | undefined> => optional(type, { minOccurs: 1 });

const QueryCondition = object('QueryCondition', {
  Verb: needed(choice(sqlOperators, { name: 'SQLOperatorEnum' })),
  VerbData: text(),
});

export const QueryForm = needed(
  object('QueryForm', {
    Subject: needed(QueryCondition),
    FaxNumber: needed(QueryCondition),
    DateFrom: needed(dateTime()),
    DateTo: needed(dateTime()),
    UserID: needed(QueryCondition),
    ReplyAddress: needed(QueryCondition),
    TransactionID: needed(QueryCondition),
    ParentTransactionID: needed(QueryCondition),
    Status: needed(QueryCondition),
    ShowHiddenTransactions: flag(),
  }),
);

export const QueryControl = needed(
  object('QueryControl', {
    OnlyParents: flag(),
    NumOfResults: int(),
    StartingRecord: int(),
    OrderBy: needed(choice(orderColumns, { name: 'OrderByColumnEnum' })),
    AscOrderDirection: flag(),
    ReturnItems: flag(),
    ReturnStats: flag(),
  }),
);

const PPCardDetails = object('PPCardDetails', {
  Balance: decimal(),
  Bonus: decimal(),
  CloseDate: moment,
  CurrentUsage: decimal(),
  FaceValue: decimal(),
  IssueDate: moment,
  PPCardID: int(),
  PreviousCharge: decimal(),
  PreviousPPCard: int(),
  OriginalBalance: decimal(),
});

export const ListPPResult = object('ListPPResult', {
  Valid: flag(),
  AccountID: int(),
  CurrencyCode: optional(text()),
  DateFormat: optional(text()),
  AccountType: optional(text()),
  PPCardsDetails: optional(list(PPCardDetails, 'PPCardDetails')),
  ResultCode: int(),
});

export const PPCardResult = object('PPCardResult', { Details: needed(PPCardDetails), ResultCode: int() });

export const PPCardTransactions = object('PPCardTransactions', {
  Transactions: optional(list(FaxItemEx, 'FaxItemEx')),
  TotalNumOfTransactions: int(),
  Currency: optional(text()),
  FirstResult: int(),
  NumOfResults: int(),
  ResultCode: int(),
  LastBalance: decimal(),
});

/** The misspelling is the vendor's. */
export const PPCardTransactionsByteArray = object('PPCardTrasnactionsByteArray', {
  Transactions: optional(smallBytes()),
  ResultCode: int(),
});

import { bytes, flag, int, long, text } from '../../../wire/soap/index.js';
import { codes } from '../codes.js';
import { findFileTypes, readFileType } from '../file-types.js';
import { answeringLong, credentials, forms, operation } from '../operation.js';
import { ListPPResult, noMoment, PPCardResult, PPCardTransactions, PPCardTransactionsByteArray } from '../types.js';

export const GetSupportedFileTypes = operation({
  doc: 'Answers the file types that can be faxed, parted by semicolons.',
  params: {},
  result: text(),
  http: forms,
  run: async (_, { options }) => [...(await findFileTypes(options)).keys()].map((type) => type.toUpperCase()).join(';'),
});

export const IsSupportedFileType = operation({
  doc: 'Answers whether files of a type can be faxed.',
  params: { FileType: text() },
  result: flag(),
  http: forms,
  run: async ({ FileType }, { options }) => readFileType(await findFileTypes(options), FileType) !== undefined,
});

// What follows is described, so that generated clients compile, and not offered (specs/interfax.md §4).
const notOffered = 'Not offered: answers -150.';

const numberNotOffered = async () => codes.internalError;

export const ResendBroadcastFax = answeringLong({
  doc: notOffered,
  params: { ...credentials, ParentTransactionID: long(), Subject: text(), SendErrorsOnly: flag() },
  run: numberNotOffered,
});

export const SendWordMailMerge = answeringLong({
  doc: notOffered,
  params: { ...credentials, Document: bytes(), List: bytes(), Options: bytes() },
  run: numberNotOffered,
});

export const GetListPP = operation({
  doc: notOffered,
  params: credentials,
  result: ListPPResult,
  http: forms,
  run: async () => ({ Valid: false, AccountID: 0, ResultCode: codes.internalError }),
});

export const GetPPCardDetails = operation({
  doc: notOffered,
  params: { ...credentials, PPCardID: int() },
  result: PPCardResult,
  http: forms,
  run: async () => ({
    Details: {
      Balance: 0,
      Bonus: 0,
      CloseDate: noMoment,
      CurrentUsage: 0,
      FaceValue: 0,
      IssueDate: noMoment,
      PPCardID: 0,
      PreviousCharge: 0,
      PreviousPPCard: 0,
      OriginalBalance: 0,
    },
    ResultCode: codes.internalError,
  }),
});

export const GetPPCardTransactions = operation({
  doc: notOffered,
  params: { ...credentials, PPCardID: int(), FirstResult: int(), NumOfResults: int() },
  result: PPCardTransactions,
  http: forms,
  run: async () => ({
    TotalNumOfTransactions: 0,
    FirstResult: 0,
    NumOfResults: 0,
    ResultCode: codes.internalError,
    LastBalance: 0,
  }),
});

export const GetPPCardTransactionsAsByteArray = operation({
  doc: notOffered,
  params: { ...credentials, Year: int(), Month: int() },
  result: PPCardTransactionsByteArray,
  http: forms,
  run: async () => ({ ResultCode: codes.internalError }),
});

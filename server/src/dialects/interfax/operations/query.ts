import { codes, no } from '../codes.js';
import { faxItemEx2 } from '../fax-items.js';
import { answering, credentials, operation } from '../operation.js';
import { compareBy, countStatuses, readConditions } from '../query.js';
import { FaxQueryResult, QueryControl, QueryForm } from '../types.js';

/** Most items of one answer (specs/interfax.md §4). */
const mostItems = 100;

interface Answer {
  readonly ResultCode: number;
  readonly FaxItems?: ReturnType<typeof faxItemEx2>[];
  readonly Stats?: { readonly Status: number; readonly Count: number }[];
  readonly TotalTransactionsNum: number;
}

export const FaxQuery2 = operation({
  doc: 'Answers the faxes that meet conditions, or how many there are of each status, or both.',
  params: { ...credentials, QueryForm, QueryControl },
  result: FaxQueryResult,
  run: ({ Username, Password, QueryForm: form, QueryControl: control }, context) =>
    answering<Answer>(
      context,
      async () => {
        const { account } = await context.admit({ Username, Password });
        await context.polls.count(account.name);
        if (!control?.ReturnItems && !control?.ReturnStats) throw no('nothingAsked');
        const matches = readConditions(form, control);
        if (!matches) throw no('badVerb');
        const hidden = form?.ShowHiddenTransactions ?? false;
        const query = { owner: account.name, hidden, matches, limit: Number.POSITIVE_INFINITY };
        const found = await context.host.ledger.read((facts) => context.faxes.list(facts, query));
        const start = Math.max(0, control.StartingRecord);
        const most = control.NumOfResults < 1 ? mostItems : Math.min(mostItems, control.NumOfResults);
        const sorted = found.toSorted(compareBy(control.OrderBy ?? 'TransactionID', control.AscOrderDirection));
        return {
          ResultCode: codes.done,
          ...(control.ReturnItems && { FaxItems: sorted.slice(start, start + most).map(faxItemEx2) }),
          ...(control.ReturnStats && { Stats: countStatuses(found) }),
          TotalTransactionsNum: found.length,
        };
      },
      (code) => ({ ResultCode: code, TotalTransactionsNum: 0 }),
    ),
});

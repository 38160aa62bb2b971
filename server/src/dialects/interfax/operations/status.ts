import { int, list, optional, text } from '../../../wire/soap/index.js';
import { codes, no } from '../codes.js';
import type { Context, Credentials } from '../context.js';
import { faxItem, faxItemEx } from '../fax-items.js';
import type { Fax } from '../faxes/fax.js';
import { answering, credentials, operation } from '../operation.js';
import { FaxItem, FaxItemEx } from '../types.js';
import { readVerb } from '../verbs.js';

/** Most items of one answer (specs/interfax.md §4). */
const mostItems = 100;

/** As many as were asked for; as many as there may be where the caller sets no limit. */
const itemsOf = (asked: number): number => (asked < 1 ? mostItems : Math.min(mostItems, asked));

const paging = { LastTransactionID: int({ doc: 'Only faxes with smaller ids.' }), MaxItems: int() };
/** By reference: they are read, and mean nothing. */
const counts = { TotalCount: int(), ListSize: int(), ResultCode: int() };

interface Page {
  readonly faxes: readonly Fax[] | undefined;
  readonly TotalCount: number;
  readonly ListSize: number;
  readonly ResultCode: number;
}

const page = (
  context: Context,
  { Username, Password, LastTransactionID, MaxItems }: Credentials & { LastTransactionID: number; MaxItems: number },
): Promise<Page> =>
  answering<Page>(
    context,
    async () => {
      const { account } = await context.admit({ Username, Password });
      await context.polls.count(account.name);
      const owner = account.name;
      const { found, total } = await context.host.ledger.read(async (facts) => ({
        found: await context.faxes.list(facts, { owner, to: LastTransactionID - 1, limit: itemsOf(MaxItems) }),
        total: await context.faxes.count(facts, owner),
      }));
      return { faxes: found, TotalCount: total, ListSize: found.length, ResultCode: codes.done };
    },
    (code) => ({ faxes: undefined, TotalCount: 0, ListSize: 0, ResultCode: code }),
  );

export const FaxStatus = operation({
  doc: 'Answers how faxes stand: those with ids smaller than LastTransactionID, the newest first.',
  params: { ...credentials, ...paging, ...counts },
  result: { FaxStatusResult: optional(list(FaxItem, 'FaxItem')), ...counts },
  run: async (args, context) => {
    const { faxes, ...numbers } = await page(context, args);
    return { ...(faxes && { FaxStatusResult: faxes.map(faxItem) }), ...numbers };
  },
});

export const FaxStatusEx = operation({
  doc: 'As FaxStatus, with all that is known of each fax.',
  params: { ...credentials, ...paging, ...counts },
  result: { FaxStatusExResult: optional(list(FaxItemEx, 'FaxItemEx')), ...counts },
  run: async (args, context) => {
    const { faxes, ...numbers } = await page(context, args);
    return { ...(faxes && { FaxStatusExResult: faxes.map(faxItemEx) }), ...numbers };
  },
});

export const FaxStatusXML = operation({
  doc: 'Not offered: what its text looks like has not been published.',
  params: { ...credentials, ...paging, ...counts },
  result: { FaxStatusXMLResult: optional(text()), ...counts },
  run: async () => ({ TotalCount: 0, ListSize: 0, ResultCode: codes.internalError }),
});

export const FaxQuery = operation({
  doc: 'Answers the faxes that a verb and its data name, the newest first.',
  params: {
    ...credentials,
    Verb: text({ doc: 'PARENT, GT, GE, LT, LE, EQ, BETWEEN, IN or ACTIVE.' }),
    VerbData: text({ doc: 'One id, two, or several, parted by commas.' }),
    MaxItems: int(),
    ResultCode: int(),
  },
  result: { FaxQueryResult: optional(list(FaxItemEx, 'FaxItemEx')), ResultCode: int() },
  run: ({ Username, Password, Verb, VerbData, MaxItems }, context) =>
    answering<{ FaxQueryResult?: ReturnType<typeof faxItemEx>[]; ResultCode: number }>(
      context,
      async () => {
        const { account } = await context.admit({ Username, Password });
        await context.polls.count(account.name);
        const wanted = readVerb(Verb, VerbData);
        if (!wanted) throw no('badVerb');
        const query = { owner: account.name, limit: itemsOf(MaxItems), ...wanted };
        const found = await context.host.ledger.read((facts) => context.faxes.list(facts, query));
        return { FaxQueryResult: found.map(faxItemEx), ResultCode: codes.done };
      },
      (code) => ({ ResultCode: code }),
    ),
});

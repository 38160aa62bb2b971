import type { ValueOf } from '../../wire/soap/index.js';
import type { Fax } from './faxes/fax.js';
import type { OrderColumn, QueryControl, QueryForm, SqlOperator } from './types.js';

type Form = ValueOf<typeof QueryForm>;
type Control = ValueOf<typeof QueryControl>;
type Condition = NonNullable<Form>['Subject'];
type Column = string | number;
type Test = (value: Column) => boolean;

/** SQL's LIKE, without regard to case: `%` is any text. */
const like = (pattern: string): ((text: string) => boolean) => {
  const [first = '', ...rest] = pattern.toLowerCase().split('%');
  const last = rest.pop();
  return (text) => {
    const lower = text.toLowerCase();
    if (last === undefined) return lower === first;
    if (!lower.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = lower.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return lower.length - last.length >= at && lower.endsWith(last);
  };
};

const compare = (one: Column, other: Column): number =>
  typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other), 'en');

/** What a condition asks of a value; undefined where its data cannot be that of its verb (specs/interfax.md §4). */
const testOf = ({ verb, data, isNumber }: { verb: SqlOperator; data: string; isNumber: boolean }): Test | undefined => {
  if (verb === 'Like') {
    const pattern = like(data);
    return (value) => pattern(String(value));
  }
  const isList = verb === 'IncludedIn' || verb === 'Between';
  const given = (isList ? data.split(',') : [data]).map((each) => each.trim());
  if (isNumber && given.some((each) => !/^-?\d{1,15}$/.test(each))) return undefined;
  const wanted: Column[] = isNumber ? given.map(Number) : given;
  const [first, second] = wanted;
  if (first === undefined) return undefined;
  switch (verb) {
    case 'Equals':
      return (value) => compare(value, first) === 0;
    case 'GreaterThan':
      return (value) => compare(value, first) > 0;
    case 'GreaterOrEqual':
      return (value) => compare(value, first) >= 0;
    case 'LessThan':
      return (value) => compare(value, first) < 0;
    case 'LessOrEqual':
      return (value) => compare(value, first) <= 0;
    case 'IncludedIn':
      return (value) => wanted.some((each) => compare(value, each) === 0);
    case 'Between':
      if (second === undefined || wanted.length !== 2) return undefined;
      return (value) => compare(value, first) >= 0 && compare(value, second) <= 0;
  }
};

/** Which faxes a form's conditions name; one without data says nothing. Undefined where one cannot be understood. */
export const readConditions = (form: Form, control: Control): ((fax: Fax) => boolean) | undefined => {
  const tests: ((fax: Fax) => boolean)[] = [];
  let understood = true;
  const add = (condition: Condition, isNumber: boolean, column: (fax: Fax) => Column): void => {
    const data = condition?.VerbData.trim() ?? '';
    if (data === '') return;
    const test = testOf({ verb: condition?.Verb ?? 'Equals', data, isNumber });
    if (test) tests.push((fax) => test(column(fax)));
    else understood = false;
  };
  add(form?.Subject, false, ({ settings }) => settings.subject);
  add(form?.FaxNumber, false, ({ recipient }) => recipient.number);
  add(form?.UserID, false, ({ owner }) => owner);
  add(form?.ReplyAddress, false, ({ settings }) => settings.replyAddress);
  add(form?.TransactionID, true, ({ id }) => id);
  add(form?.ParentTransactionID, true, ({ parent }) => parent);
  add(form?.Status, true, ({ status }) => status);
  const { DateFrom, DateTo } = form ?? {};
  // The first year stands for no date.
  if (DateFrom && DateFrom.getUTCFullYear() > 1) tests.push(({ submittedAt }) => submittedAt >= DateFrom.getTime());
  if (DateTo && DateTo.getUTCFullYear() > 1) tests.push(({ submittedAt }) => submittedAt <= DateTo.getTime());
  if (control?.OnlyParents) tests.push(({ id, parent }) => id === parent);
  return understood ? (fax) => tests.every((test) => test(fax)) : undefined;
};

const columns: Readonly<Record<OrderColumn, (fax: Fax) => Column>> = {
  TransactionID: ({ id }) => id,
  SubmitTime: ({ submittedAt }) => submittedAt,
  CompletionTime: ({ completedAt }) => completedAt ?? 0,
  Status: ({ status }) => status,
  DestinationFax: ({ recipient }) => recipient.number,
  Subject: ({ settings }) => settings.subject,
  PagesSent: ({ pagesSent }) => pagesSent,
  UserID: ({ owner }) => owner,
  ReplyEmail: ({ settings }) => settings.replyAddress,
};

/** The order of faxes by a column; those that are equal in it by their ids. */
export const compareBy = (column: OrderColumn, ascending: boolean) => {
  const of = columns[column];
  return (one: Fax, other: Fax): number => {
    const order = compare(of(one), of(other)) || one.id - other.id;
    return ascending ? order : -order;
  };
};

/** How many faxes there are of each status. */
export const countStatuses = (faxes: readonly Fax[]): { readonly Status: number; readonly Count: number }[] => {
  const counts = new Map<number, number>();
  for (const { status } of faxes) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].sort(([one], [other]) => one - other).map(([Status, Count]) => ({ Status, Count }));
};

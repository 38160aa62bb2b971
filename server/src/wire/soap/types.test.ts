import { expect, expectTypeOf, test } from 'vitest';
import {
  bytes,
  flag,
  int,
  list,
  long,
  nillable,
  object,
  operationsWith,
  optional,
  polymorphic,
  text,
  type ValueOf,
} from './index.js';

const Arguments = object('Arguments', { FileName: nillable(text()), FileSize: long() });
const Update = object('Update', { ContentId: int() }, { extends: Arguments });

test('argument types of run follow from the table', async () => {
  const operation = operationsWith<{ user: string }>();
  const Chunk = operation({
    doc: 'x',
    params: { SessionID: text(), Chunk: bytes(), IsLast: flag(), Note: optional(text()) },
    result: int(),
    receive: async (sofar, context, source) => {
      expectTypeOf(sofar.SessionID).toEqualTypeOf<string | undefined>();
      expectTypeOf(context.user).toEqualTypeOf<string>();
      expectTypeOf(source).toEqualTypeOf<AsyncIterable<Buffer>>();
      return { size: 3 };
    },
    run: async ({ SessionID, Chunk, IsLast, Note }, { user }) => {
      expectTypeOf(SessionID).toEqualTypeOf<string>();
      expectTypeOf(Chunk).toEqualTypeOf<{ size: number } | undefined>();
      expectTypeOf(IsLast).toEqualTypeOf<boolean>();
      expectTypeOf(Note).toEqualTypeOf<string | undefined>();
      return user.length;
    },
  });
  expect(await Chunk.run({}, { user: 'ann' })).toBe(3);
  operation({
    doc: 'several outputs',
    params: { args: polymorphic(Arguments, [Update]) },
    result: { Result: int(), SessionID: optional(text()) },
    run: async ({ args }) => {
      expectTypeOf(args.FileSize).toEqualTypeOf<number>();
      expectTypeOf(args.FileName).toEqualTypeOf<string | undefined>();
      if ('ContentId' in args) expectTypeOf(args.ContentId).toEqualTypeOf<number>();
      return { Result: 1 };
    },
  });
  // @ts-expect-error the result is a number
  operation({ doc: '', params: {}, result: int(), run: async () => 'x' });
  operation({ doc: 'void', params: {}, run: async () => undefined });
  expectTypeOf<ValueOf<typeof Update>>().toMatchObjectType<{ readonly FileSize: number; readonly ContentId: number }>();
  const Items = list(Update, 'Update');
  expectTypeOf<ValueOf<typeof Items>[number]['ContentId']>().toEqualTypeOf<number>();
});

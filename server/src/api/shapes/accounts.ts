import * as v from 'valibot';
import { RoleName } from './session.js';
import { Bytes, Moment, Whole } from './words.js';

export const Account = v.object({
  name: v.string(),
  role: RoleName,
  createdAt: Moment,
  quota: v.nullable(Bytes),
  /** In finished files. */
  held: Bytes,
  /** Set aside for open uploads. */
  reserved: Bytes,
  keys: Whole,
});
export type Account = v.InferOutput<typeof Account>;

export const Accounts = v.object({ accounts: v.array(Account) });
export type Accounts = v.InferOutput<typeof Accounts>;

export const NewAccount = v.strictObject({
  name: v.string(),
  password: v.string(),
  role: v.optional(RoleName),
  quota: v.optional(v.nullable(Bytes)),
});
export type NewAccount = v.InferOutput<typeof NewAccount>;

export const AccountChange = v.strictObject({ role: v.optional(RoleName), quota: v.optional(v.nullable(Bytes)) });
export type AccountChange = v.InferOutput<typeof AccountChange>;

export const NewPassword = v.strictObject({
  password: v.string(),
  current: v.optional(v.pipe(v.string(), v.description('The one until now: needed by who changes their own.'))),
});
export type NewPassword = v.InferOutput<typeof NewPassword>;

export const ApiKey = v.object({ id: v.string(), label: v.string(), createdAt: Moment });
export type ApiKey = v.InferOutput<typeof ApiKey>;

export const ApiKeys = v.object({ keys: v.array(ApiKey) });
export type ApiKeys = v.InferOutput<typeof ApiKeys>;

export const NewApiKey = v.strictObject({ label: v.optional(v.pipe(v.string(), v.maxLength(200))) });
export type NewApiKey = v.InferOutput<typeof NewApiKey>;

/** A key that was made: its secret is told this once. */
export const MadeApiKey = v.object({ id: v.string(), secret: v.string() });
export type MadeApiKey = v.InferOutput<typeof MadeApiKey>;

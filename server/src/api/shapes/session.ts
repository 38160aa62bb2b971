import * as v from 'valibot';
import { Bytes, Moment } from './words.js';

export const RoleName = v.picklist(['admin', 'uploader', 'contributor', 'viewer']);
export type RoleName = v.InferOutput<typeof RoleName>;

/** What a login asks for. */
export const Login = v.strictObject({ name: v.string(), password: v.string() });
export type Login = v.InferOutput<typeof Login>;

/** Who is logged in. */
export const Session = v.object({
  account: v.string(),
  role: RoleName,
  /** What the role allows: `upload`, `update`, `view`, `delete`, `admin`. */
  permissions: v.array(v.string()),
  csrf: v.pipe(
    v.string(),
    v.description(
      'To be sent as `X-CSRF-Token` with everything but GET and HEAD, where the cookie says who asks; empty where a header does.',
    ),
  ),
  /** Being used, a session goes on; null where a header says who asks. */
  expiresAt: v.nullable(Moment),
});
export type Session = v.InferOutput<typeof Session>;

/** A key that stands for the session's account in every protocol, as a bearer token or a password, and ends with the session. */
export const SessionKey = v.object({ secret: v.string(), expiresAt: Moment });
export type SessionKey = v.InferOutput<typeof SessionKey>;

/** What would be refused before any byte of it is read. */
export const Limits = v.object({
  maxSize: v.nullable(Bytes),
  /** What is left of the account's quota and the store's room; null: no limit. */
  free: v.nullable(Bytes),
  dialects: v.record(
    v.string(),
    v.object({
      maxSize: v.nullable(Bytes),
      /** Endings of names that are taken, in lower case, without a dot; null: all. */
      endings: v.nullable(v.array(v.string())),
    }),
  ),
});
export type Limits = v.InferOutput<typeof Limits>;

/** What a role may do; the words are ours, dialects map their vendor's names to them. */
export const permissions = ['upload', 'update', 'view', 'delete', 'admin'] as const;
export type Permission = (typeof permissions)[number];

export const roles = {
  admin: ['upload', 'update', 'view', 'delete', 'admin'],
  uploader: ['upload', 'update', 'view', 'delete'],
  /** May add files but not overwrite any. */
  contributor: ['upload', 'view'],
  viewer: ['view'],
} as const satisfies Record<string, readonly Permission[]>;
export type Role = keyof typeof roles;

export interface Account {
  /** Unique without regard to case; 1 to 200 characters; may be an e-mail address. Has no `:` and no `/`. */
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
  /** When its password was last changed: never the same twice. Not there where it never was. */
  readonly passwordSetAt?: number;
  /** Quota in bytes; null: none. */
  readonly quota: number | null;
}

/** Who asks, once known. */
export interface Caller {
  readonly account: Account;
  may(permission: Permission): boolean;
  /** Refuses `forbidden` unless the caller may. */
  need(permission: Permission): void;
}

/** Users, their passwords, roles, and API keys. Everything here is kept in the ledger. */
export interface Accounts {
  /** Adds an account. Refuses `name-taken`, and `malformed` for a bad name, role or an empty password. */
  add(spec: { name: string; password: string; role?: Role; quota?: number | null }): Promise<Account>;
  find(name: string): Promise<Account | undefined>;
  list(): Promise<Account[]>;
  /**
   * Changes an account's role or quota. Refuses `malformed`, also for a name that nobody has, and where no administrator
   * would be left.
   */
  amend(name: string, changes: { role?: Role; quota?: number | null }): Promise<Account>;
  /** Sets a new password; remembered verifications of the old one end, and what was given in its place. Refuses `malformed`. */
  setPassword(name: string, password: string): Promise<void>;
  /** Removes an account and its API keys. No such account is no error. Refuses `malformed` for the last administrator. */
  remove(name: string): Promise<void>;
  /**
   * Where there are no accounts at all, adds `admin` with a generated password and says both, this once. For the first
   * start of a server.
   */
  ensureFirst(): Promise<{ name: string; password: string } | null>;
  /**
   * Who has this name and password, or this name and an API key of that account in place of the password. Refuses
   * `unauthenticated`, after the same work whether or not the name exists. A verified pair is remembered for a short while as
   * a keyed hash, because SOAP clients send it with every call; many wrong ones for one name are slowed down.
   */
  verify(name: string, password: string): Promise<Caller>;
  /** Makes an API key: a secret shown once, of which only a hash is kept. Refuses `malformed` for an unknown name, and beyond 1000 keys. */
  addKey(name: string, label?: string): Promise<{ id: string; secret: string }>;
  listKeys(name: string): Promise<{ id: string; label: string; createdAt: number }[]>;
  /** Removes an API key. No such key is no error. */
  removeKey(id: string): Promise<void>;
  /** Is there an API key of this id? */
  hasKey(id: string): Promise<boolean>;
  /** From now on, what looks like an API key and is none may be one that `find` knows: it says whose. */
  honour(find: (secret: string) => Promise<Account | undefined>): void;
  /** Who has this API key. Refuses `unauthenticated`. */
  verifyKey(secret: string): Promise<Caller>;
  /**
   * Who sends this `Authorization` header: `Basic` (name and password; or any name and an API key as the password) or
   * `Bearer` (an API key). Refuses `unauthenticated`, also when there is none and no anonymous account is configured.
   */
  authorize(header: string | undefined): Promise<Caller>;
}

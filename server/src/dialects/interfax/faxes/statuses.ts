/** What a fax's status may be: 0 sent, below 0 in progress, above 0 failed for good (specs/interfax.md §7). */
export const statuses = {
  sent: 0,
  /** It waits to be rendered, or is being rendered. */
  preparing: -1,
  /** Rendered; it waits for its turn. */
  ready: -2,
  /** On the line, or between two attempts. */
  sending: -3,
  internalError: 1,
  telephonyError: 2,
  busy: 263,
  cancelled: 403,
  machinesIncompatible: 3211,
  disconnected: 3223,
  noResponse: 3224,
  humanAnswered: 3936,
  noAnswer: 3935,
  notInService: 3912,
  noRoute: 6002,
  rejected: 6021,
  hungUp: 8010,
  renderingError: 204_000,
  quotaUsedUp: 205_000,
} as const;

/** A status by its number; transports may tell of others than `statuses` names. */
export type Status = number;

/** Is a fax of this status still to come to its end? */
export const isActive = (status: Status): boolean => status < 0;

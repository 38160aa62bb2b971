/** What the web service answers in place of an id, a count or 0 (specs/interfax.md §6). */
export const codes = {
  done: 0,
  noRecipient: -112,
  postponedTooFar: -114,
  noDocument: -123,
  internalError: -150,
  notOwn: -311,
  noSendingService: -677,
  nothingAsked: -710,
  typesDiffer: -1002,
  authenticationFailed: -1003,
  typeMissing: -1004,
  noSuchFax: -1005,
  badSize: -1007,
  sizesDiffer: -1008,
  noImage: -1009,
  contradictorySwitches: -1010,
  polledTooOften: -1011,
  badVerb: -1030,
  tooManyTypes: -1059,
  noChunk: -1061,
  wrongSession: -1062,
  tooLarge: -1063,
} as const;

export type Code = (typeof codes)[keyof typeof codes];

/** A no of the web service, as its number. */
export class CodeError extends Error {
  override readonly name = 'CodeError';
  readonly code: Code;
  constructor(code: Code) {
    super(`return code ${code}`);
    this.code = code;
  }
}

/** A no, by its name. */
export const no = (code: keyof typeof codes): CodeError => new CodeError(codes[code]);

/** A MIME body that is not taken: its parts cannot be told apart, or go past a bound. */
export class MimeError extends Error {
  override readonly name = 'MimeError';
}

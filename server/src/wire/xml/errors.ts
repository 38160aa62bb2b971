/** XML that is not taken. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  /** `malformed`: not well-formed, or of a kind that is refused; `too-large`: past a bound; `encoding`: one we cannot read. */
  readonly kind: 'malformed' | 'too-large' | 'encoding';
  constructor(kind: 'malformed' | 'too-large' | 'encoding', message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

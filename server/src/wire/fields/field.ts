/** One field of a form, as it arrives. */
export interface FormField {
  readonly name: string;
  /**
   * The field's value, once; what is left unread when the next field is asked for is skipped. As `base64` a bare `+` of
   * an urlencoded form is itself: clients that forget to escape it in base64 mean it so.
   */
  value(kind: 'text' | 'base64'): AsyncGenerator<Buffer, void, undefined>;
  /** Are the bytes the thing itself (a file of a multipart form), rather than text that may be base64 of it? */
  readonly file: boolean;
  /** What the sender calls the file, if it says so: maybe a whole path, maybe empty, and with any character in it. */
  readonly fileName: string | undefined;
  /** The header fields of a multipart form's part, by lower-case name; none in other forms. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** How many bytes of the whole form lie before the field's value: with its length that tells how long the value can be. */
  readonly before: number;
}

/** A form that is not taken. */
export class FormError extends Error {
  override readonly name = 'FormError';
}

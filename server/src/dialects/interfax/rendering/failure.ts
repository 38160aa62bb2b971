/**
 * Why a document does not become pages. `unsupported`: of a kind that nothing here draws. `unreadable`: broken, or not what it
 * says it is. `too-many-pages`: beyond the limit. `out-of-time`, `out-of-memory`, `too-large`: beyond what a fax may take.
 */
export type RenderReason =
  | 'unsupported'
  | 'unreadable'
  | 'too-many-pages'
  | 'out-of-time'
  | 'out-of-memory'
  | 'too-large';

/** A document that cannot be rendered: the document's fault, so trying again helps nobody. */
export class RenderFailure extends Error {
  override readonly name = 'RenderFailure';
  readonly reason: RenderReason;

  constructor(reason: RenderReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Encodes bytes as base64 in one line, as they arrive. */
export async function* encodeBase64(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let carry = Buffer.alloc(0);
  for await (const piece of source) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const all = carry.length === 0 ? bytes : Buffer.concat([carry, bytes]);
    const whole = all.length - (all.length % 3);
    // The source may reuse its buffer.
    carry = Buffer.from(all.subarray(whole));
    if (whole > 0) yield all.toString('base64', 0, whole);
  }
  if (carry.length > 0) yield carry.toString('base64');
}

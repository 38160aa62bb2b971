/** The MD5 of bytes that come piece by piece; WebCrypto has none. */
export interface Md5 {
  update(bytes: Uint8Array): void;
  /** 32 hexadecimal digits, lower case. Ends it. */
  hex(): string;
}

const block = 64;

/** How far each step of the four rounds turns its word (RFC 1321). */
const turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21] as const;
const shifts = Uint8Array.from({ length: 64 }, (_, step) => turns[4 * (step >> 4) + (step & 3)] ?? 0);
const sines = Uint32Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32));
/** Which of a block's sixteen words each step takes. */
const words = Uint8Array.from({ length: 64 }, (_, step) => {
  const factor = [1, 5, 3, 7][step >> 4] ?? 1;
  const offset = [0, 1, 5, 0][step >> 4] ?? 0;
  return (factor * step + offset) & 15;
});

/** Takes blocks of `bytes` from `from` on into `state`. */
const digest = (state: Uint32Array, bytes: Uint8Array, from: number, to: number): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = new Uint32Array(16);
  for (let at = from; at < to; at += block) {
    for (let n = 0; n < 16; n += 1) word[n] = view.getUint32(at + 4 * n, true);
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let step = 0; step < 64; step += 1) {
      let mixed: number;
      if (step < 16) mixed = (b & c) | (~b & d);
      else if (step < 32) mixed = (d & b) | (~d & c);
      else if (step < 48) mixed = b ^ c ^ d;
      else mixed = c ^ (b | ~d);
      const sum = (a + mixed + (sines[step] ?? 0) + (word[words[step] ?? 0] ?? 0)) | 0;
      const turn = shifts[step] ?? 0;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    state[0] = (state[0] ?? 0) + a;
    state[1] = (state[1] ?? 0) + b;
    state[2] = (state[2] ?? 0) + c;
    state[3] = (state[3] ?? 0) + d;
  }
};

/** Starts an MD5 over no bytes. */
export const md5 = (): Md5 => {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const rest = new Uint8Array(block);
  let held = 0;
  let length = 0;

  const update = (bytes: Uint8Array): void => {
    length += bytes.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(block - held, bytes.length);
      rest.set(bytes.subarray(0, at), held);
      held += at;
      if (held < block) return;
      digest(state, rest, 0, block);
    }
    const whole = at + Math.floor((bytes.length - at) / block) * block;
    digest(state, bytes, at, whole);
    held = bytes.length - whole;
    rest.set(bytes.subarray(whole));
  };

  return {
    update,
    hex: () => {
      const bits = length * 8;
      const padding = new Uint8Array((held < 56 ? 56 : 120) - held + 8);
      padding[0] = 0x80;
      const view = new DataView(padding.buffer);
      view.setUint32(padding.length - 8, bits % 2 ** 32, true);
      view.setUint32(padding.length - 4, Math.floor(bits / 2 ** 32), true);
      update(padding);
      const out = new DataView(new ArrayBuffer(16));
      for (const [n, value] of state.entries()) out.setUint32(4 * n, value, true);
      return Array.from(new Uint8Array(out.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
  };
};

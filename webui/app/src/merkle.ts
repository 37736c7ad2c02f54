// Proofs about the audit log, checked here and not by who gives them: RFC 6962's tree over SHA-256. The browser's own
// SHA-256 is missing where the page does not come over HTTPS, so it is written out.

const roundConstants = Uint32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
const initial = Uint32Array.from(firstPrimes(8), (prime) => fraction(Math.sqrt(prime)));

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}

/** The first 32 bits of the fraction (FIPS 180-4, 4.2.2 and 5.3.3). */
function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32);
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));

type Bytes = Uint8Array<ArrayBufferLike>;

export function sha256(message: Bytes): Bytes {
  const padded = new Uint8Array(((message.length + 8) >> 6) * 64 + 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(padded.length - 4, message.length << 3);
  const state = Uint32Array.from(initial);
  const w = new Uint32Array(64);
  const at = (words: Uint32Array, index: number) => words[index] ?? 0;
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const a = at(w, i - 15), b = at(w, i - 2);
      w[i] = at(w, i - 16) + (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) + at(w, i - 7) + (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i += 1) {
      const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + at(roundConstants, i) + at(w, i)) | 0;
      const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = at(state, i) + word; });
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((word, i) => out.setUint32(i * 4, word));
  return digest;
}

function joined(...parts: Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const node = (left: Bytes, right: Bytes) => sha256(joined(Uint8Array.of(1), left, right));
const same = (a: Bytes, b: Bytes) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const bytes = (base64: string): Bytes => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** Whether the entry is number `sequence` (from 1) of the `size` under the root (RFC 9162, 2.1.3.2). */
export function provesInclusion(proof: { sequence: number; entry: string; size: number; root: string; hashes: readonly string[] }): boolean {
  let first = proof.sequence - 1;
  let last = proof.size - 1;
  if (first < 0 || first > last) return false;
  let hash: Bytes = sha256(joined(Uint8Array.of(0), new TextEncoder().encode(proof.entry)));
  for (const text of proof.hashes) {
    if (last === 0) return false;
    const other = bytes(text);
    if (first % 2 === 1 || first === last) {
      hash = node(other, hash);
      while (first % 2 === 0 && first !== 0) {
        first = Math.floor(first / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = node(hash, other);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(hash, bytes(proof.root));
}

/** Whether the tree of `to` entries begins with that of `from` (RFC 9162, 2.1.4.2). */
export function provesConsistency(proof: { from: number; from_root: string; to: number; to_root: string; hashes: readonly string[] }): boolean {
  if (proof.from < 1 || proof.from > proof.to) return false;
  if (proof.from === proof.to) return proof.hashes.length === 0 && proof.from_root === proof.to_root;
  const isPower = Number.isInteger(Math.log2(proof.from));
  const path = [...(isPower ? [bytes(proof.from_root)] : []), ...proof.hashes.map(bytes)];
  let first = proof.from - 1;
  let last = proof.to - 1;
  while (first % 2 === 1) {
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  const start = path[0];
  if (!start) return false;
  let [before, after] = [start, start];
  for (const other of path.slice(1)) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      before = node(other, before);
      after = node(other, after);
      while (first % 2 === 0 && first !== 0) {
        first = Math.floor(first / 2);
        last = Math.floor(last / 2);
      }
    } else {
      after = node(after, other);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(before, bytes(proof.from_root)) && same(after, bytes(proof.to_root));
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { provesConsistency, provesInclusion, sha256 } from "../src/merkle";

const hash = (...parts: Uint8Array[]) => {
  const one = createHash("sha256");
  for (const part of parts) one.update(part);
  return new Uint8Array(one.digest());
};
const text = (n: number) => `{"sequence":${n}}`;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);

// RFC 6962, 2.1, as it is written there: slow and plain.
function root(from: number, to: number): Uint8Array {
  if (to - from === 1) return hash(Uint8Array.of(0), Buffer.from(text(from + 1)));
  const k = from + split(to - from);
  return hash(Uint8Array.of(1), root(from, k), root(k, to));
}
function path(m: number, from: number, to: number): Uint8Array[] {
  if (to - from === 1) return [];
  const k = from + split(to - from);
  return m < k ? [...path(m, from, k), root(k, to)] : [...path(m, k, to), root(from, k)];
}
function subproof(m: number, from: number, to: number, whole: boolean): Uint8Array[] {
  if (m === to) return whole ? [] : [root(from, to)];
  const k = from + split(to - from);
  return m <= k ? [...subproof(m, from, k, whole), root(k, to)] : [...subproof(m, k, to, false), root(from, k)];
}

test("SHA-256 agrees with that of the platform for every length around a block", () => {
  for (let length = 0; length < 200; length += 1) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 7 + length) % 256);
    assert.deepEqual(sha256(message), hash(message));
  }
});

test("proofs hold for every entry and size, and for nothing else", () => {
  for (let size = 1; size <= 17; size += 1) {
    for (let sequence = 1; sequence <= size; sequence += 1) {
      const proof = { sequence, entry: text(sequence), size, root: base64(root(0, size)), hashes: path(sequence - 1, 0, size).map(base64) };
      assert.ok(provesInclusion(proof), `${sequence} of ${size}`);
      assert.ok(!provesInclusion({ ...proof, entry: text(sequence + 1) }));
      if (size > 1) assert.ok(!provesInclusion({ ...proof, hashes: proof.hashes.slice(1) }));
    }
    for (let from = 1; from <= size; from += 1) {
      const proof = { from, from_root: base64(root(0, from)), to: size, to_root: base64(root(0, size)), hashes: subproof(from, 0, size, true).map(base64) };
      assert.ok(provesConsistency(proof), `${from} in ${size}`);
      assert.ok(!provesConsistency({ ...proof, to_root: base64(root(0, size + 1)) }));
      if (from < size) assert.ok(!provesConsistency({ ...proof, from_root: base64(root(0, from + 1)) }));
    }
  }
});

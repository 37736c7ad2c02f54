import assert from "node:assert/strict";
import { test } from "node:test";
import { jpegShape, photoPdf } from "../src/screens/upload/photo_pdf";

const exif = (orientation: number) => [
  0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
];
const frame = (width: number, height: number, components: number) => [0xff, 0xc0, 0, 8, 8, height >> 8, height & 255, width >> 8, width & 255, components];
const jpeg = (...segments: number[][]) => Uint8Array.from([0xff, 0xd8, ...segments.flat()]);

test("a photograph tells its shape and how it was held", () => {
  assert.deepEqual(jpegShape(jpeg(frame(640, 480, 3))), { width: 640, height: 480, components: 3, turned: 0 });
  assert.deepEqual(jpegShape(jpeg(exif(6), frame(640, 480, 1))), { width: 640, height: 480, components: 1, turned: 90 });
  assert.equal(jpegShape(jpeg(exif(8), frame(640, 480, 3)))?.turned, 270);
});

test("what is no photograph, or cut anywhere, is none", () => {
  const whole = jpeg(exif(3), frame(640, 480, 3));
  for (let size = 0; size < whole.length; size += 1) assert.equal(jpegShape(whole.slice(0, size)), null);
  assert.equal(jpegShape(jpeg(frame(0, 480, 3))), null);
  assert.throws(() => photoPdf([{ bytes: Uint8Array.from([1, 2, 3]), turn: 0 }]), RangeError);
});

test("each photograph is a page, its bytes as they are", () => {
  const photos = [jpeg(frame(1000, 500, 3)), jpeg(exif(6), frame(500, 1000, 1))];
  const file = Buffer.from(photoPdf(photos.map((bytes) => ({ bytes, turn: 0 }))));
  const text = file.toString("latin1");
  assert.match(text, /\/Count 2 /);
  assert.match(text, /\/MediaBox \[0 0 842\.00 421\.00\] \/Rotate 0/);
  assert.match(text, /\/MediaBox \[0 0 421\.00 842\.00\] \/Rotate 90/);
  for (const photo of photos) assert.ok(file.includes(Buffer.from(photo)));
  const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  assert.ok(text.slice(table).startsWith("xref\n0 9\n"));
  for (const [, at] of text.slice(table).matchAll(/(\d{10}) 00000 n/g)) assert.match(text.slice(Number(at)), /^\d+ 0 obj/);
});

test("a photograph that somebody turned is turned from how it was held", () => {
  const file = Buffer.from(photoPdf([{ bytes: jpeg(exif(8), frame(500, 1000, 1)), turn: 180 }, { bytes: jpeg(frame(1000, 500, 3)), turn: 90 }])).toString("latin1");
  assert.deepEqual([...file.matchAll(/\/Rotate (\d+)/g)].map(([, turn]) => turn), ["90", "90"]);
});

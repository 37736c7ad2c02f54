// Several photographs as one PDF: each JPEG as it is, on a page of its shape. Pure.

/** What a page needs to know of a JPEG. `turned` is how far it has to be turned to stand upright, clockwise, in degrees. */
export interface JpegShape {
  width: number;
  height: number;
  components: number;
  turned: 0 | 90 | 180 | 270;
}

const longSide = 842; // points: that of A4

/** Null for what is no JPEG of a kind that PDF knows. */
export function jpegShape(bytes: Uint8Array): JpegShape | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let turned: JpegShape["turned"] = 0;
  for (let at = 2; at + 4 <= view.byteLength && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > view.byteLength) return null;
    if (marker === 0xe1) turned = exifTurn(new DataView(view.buffer, view.byteOffset + at + 4, length - 2)) ?? turned;
    if (marker >= 0xc0 && marker <= 0xc2 && length >= 8) {
      const shape = { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9] ?? 0, turned };
      return shape.width > 0 && shape.height > 0 && [1, 3, 4].includes(shape.components) ? shape : null;
    }
    at = end;
  }
  return null;
}

/** The orientation (tag 0x112) in the first directory of an Exif segment. */
function exifTurn(segment: DataView): JpegShape["turned"] | null {
  if (segment.byteLength < 14 || segment.getUint32(0) !== 0x45786966) return null; // "Exif"
  const tiff = 6;
  const little = segment.getUint16(tiff) === 0x4949;
  const directory = tiff + segment.getUint32(tiff + 4, little);
  if (directory + 2 > segment.byteLength) return null;
  const entries = segment.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > segment.byteLength) return null;
    if (segment.getUint16(at, little) !== 0x112) continue;
    const turns: Record<number, JpegShape["turned"]> = { 1: 0, 3: 180, 6: 90, 8: 270 };
    return turns[segment.getUint16(at + 8, little)] ?? null;
  }
  return null;
}

/** `turn`: how far somebody turned it further, clockwise, in degrees. */
export interface Photograph {
  bytes: Uint8Array;
  turn: 0 | 90 | 180 | 270;
}

/** The photographs in this order, a page each. Throws RangeError for one that is no JPEG: callers ask `jpegShape` before. */
export function photoPdf(photos: readonly Photograph[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let size = 0;
  const put = (part: Uint8Array | string) => {
    const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
    parts.push(bytes);
    size += bytes.length;
  };
  const object = (...body: (Uint8Array | string)[]) => {
    offsets.push(size);
    put(`${offsets.length} 0 obj\n`);
    body.forEach(put);
    put("\nendobj\n");
  };
  put("%PDF-1.4\n");
  object("<< /Type /Catalog /Pages 2 0 R >>");
  object(`<< /Type /Pages /Count ${photos.length} /Kids [${photos.map((_, index) => `${3 + index * 3} 0 R`).join(" ")}] >>`);
  for (const { bytes: photo, turn } of photos) {
    const shape = jpegShape(photo);
    if (!shape) throw new RangeError("not a JPEG that fits into a PDF");
    const scale = longSide / Math.max(shape.width, shape.height);
    const [width, height] = [shape.width, shape.height].map((side) => (side * scale).toFixed(2));
    const page = offsets.length + 1;
    const drawing = `q ${width} 0 0 ${height} 0 0 cm /P Do Q`;
    const colour = { 1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK /Decode [1 0 1 0 1 0 1 0]" }[shape.components] ?? "";
    object(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${(shape.turned + turn) % 360} /Contents ${page + 1} 0 R `
      + `/Resources << /XObject << /P ${page + 2} 0 R >> >> >>`);
    object(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`);
    object(`<< /Type /XObject /Subtype /Image /Width ${shape.width} /Height ${shape.height} /BitsPerComponent 8 /ColorSpace ${colour} `
      + `/Filter /DCTDecode /Length ${photo.length} >>\nstream\n`, photo, "\nendstream");
  }
  const table = size;
  put(`xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`);
  put(`trailer\n<< /Size ${offsets.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  const file = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

// The inputs of the tests, made here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const words = [
  "The rent is stated excluding value added tax and is invoiced quarterly in advance.",
  "Payment is due thirty days after the date of the invoice.",
  "Should the tenant fail to pay within thirty days the landlord may charge interest.",
  "The premises shall be used as an office and may not be sublet without consent.",
];

/** A born-digital PDF: one entry of `pages` a page, each a list of lines, or what is drawn on it as a PDF says it. */
export function pdf(pages) {
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"];
  const kids = [];
  for (const lines of pages) {
    const text = typeof lines === "string" ? lines : lines.map((line, index) => `BT /F1 ${index === 0 ? 20 : 12} Tf 72 ${760 - index * 26} Td (${line.replace(/[\\()]/g, "\\$&")}) Tj ET`).join("\n");
    objects.push(`<< /Length ${Buffer.byteLength(text, "latin1")} >>\nstream\n${text}\nendstream`);
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${objects.length} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`);
    kids.push(`${objects.length} 0 R`);
  }
  objects[1] = `<< /Type /Pages /Kids [${kids.join(" ")}] /Count ${kids.length} >>`;
  let file = "%PDF-1.7\n";
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

export const lease = pdf([["Lease agreement Storgatan 12", ...words], ["Second page", ...words], ["Third page", words[3]]]);
export const invoice = pdf([["Invoice INV-2024/0042", "Stockholm 2024-03-01", words[1], "Amount 1 250,00 SEK"]]);
export const minutes = pdf([["Minutes of the board", "The board met and decided upon the budget for the coming year."]]);
/** Its second page is a picture that ends before it has begun. */
export const halfDamaged = pdf([["The pier", "The pier is kept by the town."], "q 500 0 0 500 50 50 cm BI /W 90000 /H 90000 /BPC 8 /CS /G ID cut off EI Q", ["The end of the pier"]]);
/** Says that it is a PDF, and is not. */
export const broken = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nnothing else that would make sense\n", "latin1");

/** A PDF that opens with this password only; MuPDF's tool encrypts it. */
export function encrypted(password) {
  const folder = mkdtempSync(join(tmpdir(), "muniment-encrypt-"));
  try {
    const plain = join(folder, "plain.pdf");
    const locked = join(folder, "locked.pdf");
    writeFileSync(plain, pdf([["The combination", "The combination of the safe is kept by the board."]]));
    execFileSync("mutool", ["clean", "-E", "aes-256", "-U", password, "-O", `${password} of the owner`, plain, locked]);
    return readFileSync(locked);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bytes of no known kind, always the same. */
export function noise(size) {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const inSupport = new URL("../../support", import.meta.url).pathname;
const python = (program, ...words) => execFileSync("python3", ["-c", `import sys; sys.path.insert(0, ${JSON.stringify(inSupport)}); ${program}`, ...words]);

/** A document of Word with one paragraph. */
export const docx = (text) => python("import office_files; sys.stdout.buffer.write(office_files.docx(sys.argv[1]))", text);

/** An archive with one text file. */
export const zip = (name, text) => python("import archives; sys.stdout.buffer.write(archives.zipped({sys.argv[1]: sys.argv[2]}))", name, text);

/** A mail whose text is HTML. */
export const mail = (subject, html) => Buffer.from(
  `Received: from here by there\r\nFrom: Anna <anna@example.org>\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n`);

// Markup from foreign text must be impossible: nothing in the page may turn a string into HTML or script.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const forbidden = [
  "innerHTML", "outerHTML", "dangerouslySetInnerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment", "DOMParser",
  "srcdoc", "javascript:", "new Function", "eval(", "setHTMLUnsafe",
];
const sources = fileURLToPath(new URL("../src/", import.meta.url));
let findings = 0;

for (const entry of await readdir(sources, { recursive: true })) {
  if (!/\.(ts|tsx|html)$/.test(entry) || entry.endsWith("schema.d.ts")) continue;
  const lines = (await readFile(join(sources, entry), "utf8")).split("\n");
  lines.forEach((line, index) => {
    for (const word of forbidden.filter((candidate) => line.includes(candidate))) {
      console.error(`src/${entry}:${index + 1}: ${word} makes markup or script out of text; use elements and text instead`);
      findings += 1;
    }
  });
}
process.exitCode = findings > 0 ? 1 : 0;

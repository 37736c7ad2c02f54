// A language that is begun with new_language.mjs must say all that English says: each of its tables is found there.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { begun } from "../new_language.mjs";

const resolveDir = fileURLToPath(new URL("../src/i18n/", import.meta.url));

async function tables(contents) {
  const { outputFiles: [file] } = await build({ stdin: { contents, resolveDir, loader: "ts" }, bundle: true, format: "esm", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(file.text).toString("base64")}`);
}

/** Functions by their text, in which the bundler numbers what is called alike. */
const inWords = (table) => JSON.stringify(table, (_, value) => (typeof value === "function" ? String(value).replace(/\bs\d+\(/g, "s(") : value), 1)
  .split("\n").map((line) => line.replace(/,$/, ""));

const english = await tables('export { en as first } from "./en"; export { more } from "./more_en";');
const { first, more } = await tables(await begun("English again"));
const begunWith = new Set(inWords({ first, more }));
const lacking = inWords({ first: english.first, more: english.more }).filter((line) => !begunWith.has(line));
for (const line of lacking) console.error(`new_language.mjs does not find ${line.trim()}`);
process.exitCode = lacking.length > 0 ? 1 : 0;

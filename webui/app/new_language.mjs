// Begins a language of the page: `npm run language -- fi Suomi` writes src/i18n/fi.ts with all that the page says, in English
// yet, and names it in src/i18n/index.ts. docs/translating.md says how it goes on.
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const folder = new URL("./src/i18n/", import.meta.url);
const read = (name) => readFile(new URL(name, folder), "utf8");

/** The tables of a module, by name, as they stand in it. */
function tables(source) {
  return [...source.matchAll(/^export const (\w+)(?:: [^=]+)? = \{\n(.*?)^\}(?: satisfies [^;]+)?;$/gms)].map(([, name, body]) => [name, withoutTypes(body)]);
}

/** The whole is typed, so that its parts need not be. */
function withoutTypes(body) {
  return body.replace(/ (?:as|satisfies) Record<\w+, string>/g, "").replace(/\((\w+: (?:number|string)(?:, \w+: (?:number|string))*)\) =>/g, (_, list) => `(${list.replace(/: \w+/g, "")}) =>`);
}

function inner(text) {
  return text.replace(/^(?=.)/gm, "  ");
}

async function laterTables() {
  const modules = [...(await read("more_en.ts")).matchAll(/from "\.\/(\w+_en)"/g)].map(([, name]) => name);
  const sources = await Promise.all(modules.map((name) => read(`${name}.ts`)));
  return sources.flatMap(tables);
}

/** What the server says, by its words; to begin with each says itself. */
async function refusals() {
  const names = ["refused_fields_sv.ts", "refused_reading_sv.ts", "refused_records_sv.ts", "refusals_sv.ts"];
  const sources = (await Promise.all(names.map(read))).join("\n");
  const sentences = new Set([...sources.matchAll(/^ {2}("(?:\\.|[^"\\])*"):/gm)].map(([, sentence]) => sentence));
  return [...sentences].map((sentence) => `  ${sentence}: ${sentence},\n`).join("");
}

/** The file of a language that says everything in English yet. */
export async function begun(name) {
  const [[, first]] = tables(await read("en.ts"));
  const later = (await laterTables()).map(([table, body]) => `  ${table}: {\n${inner(body)}  },\n`).join("");
  return `// ${name}: all that the page says. docs/translating.md tells how.
import type { Messages } from "./en";
import type { MoreMessages } from "./more_en";

/** Where a number stands before a noun. Languages with more than two forms ask Intl.PluralRules. */
const s = (n: number, one: string, other: string) => (n === 1 ? one : other);

export const first: Messages = {
${first}};

export const more: MoreMessages = {
${later}};

/** What the server says in English; {} is what it fills in there. */
export const refusals: Record<string, string> = {
${await refusals()}};
`;
}

async function begin(code, name) {
  await writeFile(new URL(`${code}.ts`, folder), await begun(name), { flag: "wx" }); // never over one that is there
  const index = await read("index.ts");
  const load = (part) => `async () => (await import("./${code}")).${part}`;
  const entry = `  ${code}: { name: ${JSON.stringify(name)}, load: ${load("first")}, loadMore: ${load("more")}, loadRefusals: ${load("refusals")} },\n`;
  await writeFile(new URL("index.ts", folder), index.replace(/(export const languages[^]*?\n)(\};\n)/, `$1${entry}$2`));
  console.log(`src/i18n/${code}.ts is to be translated; npm test tells what of it still is as in English`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [code, name] = process.argv.slice(2);
  if (/^[a-z]{2,3}$/.test(code ?? "") && name) await begin(code, name);
  else {
    console.error("npm run language -- CODE NAME, for example: npm run language -- fi Suomi");
    process.exitCode = 2;
  }
}

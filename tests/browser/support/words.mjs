// What the page says, read from its own tables.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("../../../webui/app/", import.meta.url));
const { build } = createRequire(`${app}package.json`)("esbuild");

/** The messages of a language; `later` are those of the parts that are loaded when they are first shown. */
export async function wordsOf(language) {
  const contents = `export { ${language} as words } from "./${language}"; export { more as later } from "./more_${language}";`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${app}src/i18n`, loader: "ts" }, bundle: true, format: "esm", write: false, logLevel: "warning",
  });
  const { words, later } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  return { ...words, later };
}

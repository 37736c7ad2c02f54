// Builds the page: dist/index.html and dist/assets/* with hashed names, each with a .gz and a .br beside it,
// so that the server can send them as they are. `--tests` bundles the unit tests for `node --test` instead.
import { build, context } from "esbuild";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");
const firstScreenBudget = 60 * 1024; // bytes of gzipped JavaScript that may load before the first screen stands

const common = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

async function buildTests() {
  const tests = (await readdir(join(root, "tests"))).filter((name) => name.endsWith(".test.ts"));
  await rm(join(root, "build", "tests"), { recursive: true, force: true });
  await mkdir(join(root, "build", "tests"), { recursive: true });
  await writeFile(join(root, "build", "tests", "all_sources.txt"), await allSources());
  await build({
    ...common,
    entryPoints: tests.map((name) => join("tests", name)),
    outdir: "build/tests",
    platform: "node",
    target: "node18",
    outExtension: { ".js": ".mjs" },
  });
}

/** The page's own text but its messages, for the test that finds messages nobody shows. */
async function allSources() {
  const names = (await readdir(join(root, "src"), { recursive: true })).filter((name) => /\.tsx?$/.test(name) && !/i18n.(?!(?:index|format|refusals|sentences)\.ts)/.test(name));
  return (await Promise.all(names.map((name) => readFile(join(root, "src", name), "utf8")))).join("\n");
}

function pageOptions() {
  return {
    ...common,
    entryPoints: { app: "src/main.tsx", icon: "src/icon.svg" },
    outdir: "dist/assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    splitting: true,
    minify: true,
    metafile: true,
    target: ["es2021", "chrome100", "firefox102", "safari16"],
  };
}

/** With it the page can be installed as an application, where it is served over TLS or on this machine. */
function manifest(icon) {
  return JSON.stringify({
    name: "Muniment", short_name: "Muniment", id: "/", start_url: "/", display: "standalone", theme_color: "#0f2742", background_color: "#f6f7f9",
    icons: [{ src: icon, type: "image/svg+xml", sizes: "any", purpose: "any" }],
  });
}

/** The outputs that load before anything is drawn: the entry and what it imports statically. */
function firstScreen(metafile) {
  const entry = Object.keys(metafile.outputs).find((name) => metafile.outputs[name].entryPoint === "src/main.tsx");
  const loaded = new Set();
  const visit = (name) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const imported of metafile.outputs[name].imports) {
      if (imported.kind === "import-statement") visit(imported.path);
    }
  };
  visit(entry);
  return { entry, css: metafile.outputs[entry].cssBundle, loaded: [...loaded] };
}

async function writePage(metafile) {
  const { entry, css, loaded } = firstScreen(metafile);
  const icon = Object.keys(metafile.outputs).find((name) => /icon-[A-Z0-9]+\.svg$/.test(name));
  const url = (output) => `/assets/${basename(output)}`;
  const preloads = loaded.filter((name) => name !== entry).map((name) => `<link rel="modulepreload" href="${url(name)}">`);
  const page = (await readFile(join(root, "src", "index.html"), "utf8"))
    .replace("<!-- assets -->", [
      `<link rel="icon" type="image/svg+xml" href="${url(icon)}">`,
      '<link rel="manifest" href="/manifest.webmanifest">',
      `<link rel="stylesheet" href="${url(css)}">`,
      ...preloads,
      `<script type="module" src="${url(entry)}"></script>`,
    ].join("\n    "));
  await writeFile(join(dist, "index.html"), page);
  await writeFile(join(dist, "manifest.webmanifest"), manifest(url(icon)));
  return loaded;
}

async function compressAll() {
  const folder = join(dist, "assets");
  for (const name of await readdir(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue;
    const bytes = await readFile(join(folder, name));
    await writeFile(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    await writeFile(join(folder, `${name}.br`), brotliCompressSync(bytes));
  }
}

async function buildPage() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const { metafile } = await build(pageOptions());
  const loaded = await writePage(metafile);
  await compressAll();
  let size = 0;
  for (const name of loaded) size += gzipSync(await readFile(join(root, name)), { level: 9 }).length;
  console.log(`first screen: ${(size / 1024).toFixed(1)} KB of gzipped JavaScript in ${loaded.length} file(s)`);
  if (size > firstScreenBudget) throw new Error(`the first screen may load ${firstScreenBudget / 1024} KB of gzipped JavaScript`);
}

async function watch() {
  await mkdir(dist, { recursive: true });
  const page = { name: "page", setup: (b) => b.onEnd(async (result) => result.metafile && writePage(result.metafile)) };
  const watcher = await context({ ...pageOptions(), minify: false, sourcemap: "inline", plugins: [page] });
  await watcher.watch();
}

if (process.argv.includes("--tests")) await buildTests();
else if (process.argv.includes("--watch")) await watch();
else await buildPage();

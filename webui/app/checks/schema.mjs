// src/api/schema.d.ts must be what openapi-typescript makes of openapi.yaml today; `npm run schema` makes it so.
import openapiTypescript, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { readFile } from "node:fs/promises";

const contract = new URL("../../openapi.yaml", import.meta.url);
const committed = await readFile(new URL("../src/api/schema.d.ts", import.meta.url), "utf8");
const fresh = `${COMMENT_HEADER}${astToString(await openapiTypescript(contract))}`;
if (committed !== fresh) {
  console.error("src/api/schema.d.ts is older than webui/openapi.yaml: run `npm run schema` and commit the result");
  process.exitCode = 1;
}

// Classification levels.
import { call, everyPage } from "./call";
import type { Level } from "./types";

/** From the lowest up. */
export async function listLevels(): Promise<Level[]> {
  return everyPage((cursor) => call("get", "/api/v1/levels", { query: { limit: 100, cursor } }));
}

/** Makes the level, or calls it otherwise. */
export async function nameLevel({ number, name }: Level): Promise<void> {
  await call("put", "/api/v1/levels/{number}", { path: { number }, body: { name } });
}

export async function deleteLevel({ number }: Level): Promise<void> {
  await call("delete", "/api/v1/levels/{number}", { path: { number } });
}

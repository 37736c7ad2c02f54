import { call } from "./call";

export interface ChosenPage {
  document: number;
  page: number;
  turn: 0 | 90 | 180 | 270;
}

/** The documents that were made, in order. */
export async function assemblePages(documents: readonly (readonly ChosenPage[])[]): Promise<number[]> {
  const body = { documents: documents.map((pages) => ({ pages: [...pages] })) };
  return (await call("post", "/api/v1/pages/assemble", { body })).data.documents;
}

/** The documents that came back. */
export async function undoAssembly(id: number): Promise<number[]> {
  return (await call("post", "/api/v1/documents/{id}/undo-assembly", { path: { id } })).data.documents;
}

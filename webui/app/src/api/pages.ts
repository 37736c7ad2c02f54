import { call } from "./call";

export interface ChosenPage {
  document: number;
  page: number;
  turn: 0 | 90 | 180 | 270;
}

export interface Assembled {
  documents: number[];
  left_out_numbers: { number: number }[];
}

/** The documents that were made, in order, and the serial numbers that none of them has. */
export async function assemblePages(documents: readonly (readonly ChosenPage[])[]): Promise<Assembled> {
  const body = { documents: documents.map((pages) => ({ pages: [...pages] })) };
  return (await call("post", "/api/v1/pages/assemble", { body })).data;
}

/** The documents that came back. */
export async function undoAssembly(id: number): Promise<number[]> {
  return (await call("post", "/api/v1/documents/{id}/undo-assembly", { path: { id } })).data.documents;
}

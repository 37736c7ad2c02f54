// The server's things, as openapi.yaml describes them.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type AccessEntry = Schemas["AccessEntry"];
export type AccessList = Schemas["AccessList"];
export type Document = Schemas["Document"];
export type DocumentChange = Schemas["DocumentChange"];
export type DocumentListItem = Schemas["DocumentListItem"];
export type DocumentPage = Schemas["DocumentPage"];
export type FacetValue = Schemas["FacetValue"];
export type Group = Schemas["Group"];
export type Job = Schemas["Job"];
export type Named = Schemas["Named"];
export type Note = Schemas["Note"];
export type PageText = Schemas["PageText"];
export type PageWords = Schemas["PageWords"];
export type Permission = Schemas["Permission"];
export type QuarantineItem = Schemas["QuarantineItem"];
export type Role = Schemas["Role"];
export type Session = Schemas["Session"];
export type Snippet = Schemas["Snippet"];
export type Status = Schemas["Status"];
export type Token = Schemas["Token"];

/** The strong ETag of a version. */
export function etagOf({ version }: { version: number }): string {
  return `"${version}"`;
}

// Calls checked against openapi.yaml by the compiler: path, method, body and answer fit together or it does not build.
import { send, type Answer, type Request } from "./client";
import type { paths } from "./schema";

export type Method = "get" | "post" | "put" | "patch" | "delete";

type Content<T> = T extends { content: infer C } ? (C extends { "application/json": infer J } ? J : C[keyof C]) : undefined;
type AnswerBody<O> = O extends { responses: infer R } ? { [S in keyof R]: S extends 200 | 201 | 202 ? Content<R[S]> : never }[keyof R] : never;
type RequestBody<O> = O extends { requestBody: { content: infer C } } ? { body: C[keyof C] }
  : O extends { requestBody?: never } ? { body?: undefined } : O extends { requestBody?: { content: infer C } } ? { body?: C[keyof C] } : never;
type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths];

// The server refuses names that it does not know, so they are checked like the rest.
type Values<Q> = { [N in keyof Q]?: string | number | undefined };
type Query<O> = O extends { parameters: { query?: infer Q } } ? (Q extends object ? URLSearchParams | Values<Q> : never) : never;

type Options<O> = Omit<Request, "body" | "query"> & RequestBody<O> & { query?: Query<O>; path?: Record<string, string | number> };

export function call<M extends Method, P extends PathOf<M>>(
  method: M, path: P, options: Options<paths[P][M & keyof paths[P]]>,
): Promise<Answer<AnswerBody<paths[P][M & keyof paths[P]]>>> {
  const filled = Object.entries(options.path ?? {}).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))), path as string,
  );
  return send(method.toUpperCase(), filled, options as Request);
}

/** A part of a list that goes on after the number of its last entry. */
export function partOf<T extends { id: number }>({ items, more }: { items: T[]; more: boolean }): { items: T[]; next: string | null } {
  return { items, next: more ? String(items.at(-1)?.id ?? 0) : null };
}

/** Every entry of a list that comes in pages. */
export async function everyPage<T>(fetch: (cursor: string | undefined) => Promise<{ data: { items: T[]; next: string | null } }>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { data } = await fetch(cursor);
    all.push(...data.items);
    cursor = data.next ?? undefined;
  } while (cursor);
  return all;
}

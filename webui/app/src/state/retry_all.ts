// Trying again all that could not be read.
import { everyPage } from "../api/call";
import { explain } from "../api/client";
import { listQuarantine, retryDocument } from "../api/documents";

export interface Retried {
  again: number;   // will be read again
  refused: number;
  why: string;     // of the first that was refused
}

/** What needs a password waits for it. One refusal does not keep the others from being tried. */
export async function retryAll(): Promise<Retried> {
  const failed = (await everyPage(async (cursor) => ({ data: await listQuarantine(cursor) }))).filter(({ document }) => document.state !== "needs-password");
  const retried: Retried = { again: 0, refused: 0, why: "" };
  for (const { document } of failed) {
    try {
      await retryDocument(document.id);
      retried.again += 1;
    } catch (error) {
      retried.refused += 1;
      retried.why ||= explain(error);
    }
  }
  return retried;
}

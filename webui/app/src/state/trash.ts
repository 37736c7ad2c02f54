// To the trash and back. Nothing asks first; everything can be undone.
import { signal } from "@preact/signals";
import { explain } from "../api/client";
import { restoreDocument, trashDocument } from "../api/documents";
import type { Document } from "../api/types";
import { t } from "../i18n";
import { openDocument, loadDocument } from "./document";
import { showToast } from "./toasts";

/** Rises whenever documents went to the trash or came back, so that lists ask again. */
export const trashChanges = signal(0);

type Thing = Pick<Document, "id" | "title">;
type Versioned = Thing & Pick<Document, "version">;

export async function moveToTrash(documents: readonly Versioned[]): Promise<void> {
  await each(documents, trashDocument, (moved) => {
    const text = moved.length === 1 ? t().trash.moved(moved[0]?.title ?? "") : t().trash.movedMany(moved.length);
    showToast(text, () => restoreFromTrash(moved));
  });
}

export async function restoreFromTrash(documents: readonly Thing[]): Promise<void> {
  await each(documents, ({ id }) => restoreDocument(id), (restored) => {
    showToast(restored.length === 1 ? t().trash.restored(restored[0]?.title ?? "") : t().trash.restoredMany(restored.length));
  });
}

async function each<T extends Thing>(documents: readonly T[], act: (document: T) => Promise<void>, tell: (done: T[]) => void): Promise<void> {
  const done: T[] = [];
  try {
    for (const document of documents) {
      await act(document);
      done.push(document);
    }
  } catch (error) {
    showToast(explain(error));
  }
  trashChanges.value += 1;
  if (done.length > 0) tell(done);
  const open = openDocument.value?.id;
  if (open && done.some((document) => document.id === open)) void loadDocument(open);
}

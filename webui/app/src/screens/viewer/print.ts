// Printing through the browser: the pictures of the pages, each on a sheet, in place of everything else.
import { ApiError, explain } from "../../api/client";
import { notePrint } from "../../api/documents";
import { t } from "../../i18n";
import { showToast } from "../../state/toasts";

const width = 1860; // pixels: about 220 an inch on A4

export async function printPages(document: { id: number; version: number; title: string }, pages: readonly number[]): Promise<void> {
  const sheets = window.document.createElement("div");
  sheets.className = "print-sheets";
  const pictures = pages.map((page) => {
    const picture = new Image();
    picture.alt = t().viewer.pageImage(page, document.title);
    picture.src = `/api/v1/documents/${document.id}/pages/${page}/image?w=${width}&v=${document.version}`;
    sheets.append(picture);
    return picture;
  });
  window.document.body.append(sheets);
  try {
    await Promise.all(pictures.map((picture) => picture.decode()));
    await notePrint(document.id, pages);
    window.addEventListener("afterprint", () => sheets.remove(), { once: true });
    window.print();
  } catch (error) {
    sheets.remove();
    showToast(error instanceof ApiError ? explain(error) : t().viewer.pageFailed);
  }
}

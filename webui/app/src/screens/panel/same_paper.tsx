// Other scans of the same paper: keep the better one, or both.
import { explain } from "../../api/client";
import { fetchSamePaper, keepBothScans } from "../../api/filing";
import type { Document } from "../../api/types";
import { Banner, Button } from "../../components/controls";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { navigate } from "../../router";
import { showToast } from "../../state/toasts";
import { moveToTrash } from "../../state/trash";

/** Of one version of a document: to be keyed by it. */
export function SamePaper({ document, discard }: {
  document: Document;
  discard?: () => Promise<void>; // moves this one to the trash where it leads to the next, as in the inbox
}) {
  const loaded = useLoaded(() => fetchSamePaper(document.id));
  const text = tLater().filing;
  const keepBoth = async (other: number) => {
    try {
      await keepBothScans(document.id, other);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  const keepThis = async (other: { id: number; title: string; version: number }) => {
    await moveToTrash([other]);
    await loaded.reload();
  };
  const keepOther = async (other: number) => {
    if (discard) return discard();
    await moveToTrash([document]);
    navigate(`/?doc=${other}`);
  };
  return (
    <>
      {(loaded.data ?? []).map(({ document: other, better }) => (
        <Banner key={other.id} kind="warn" icon="copy">
          <div class="conflict">
            <span>{text.samePaper} <a href={`/?doc=${other.id}`}>{other.title}</a>. {text.better[better]}</span>
            <div class="actions">
              <Button compact kind={better === "this" ? "primary" : ""} onClick={() => void keepThis(other)}>{text.keepThis}</Button>
              <Button compact kind={better === "other" ? "primary" : ""} onClick={() => void keepOther(other.id)}>{text.keepOther}</Button>
              <Button compact onClick={() => void keepBoth(other.id)}>{text.keepBoth}</Button>
            </div>
          </div>
        </Banner>
      ))}
    </>
  );
}

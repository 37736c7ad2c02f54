// Files may be dropped anywhere, folders too.
import { useLayoutEffect, useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { loadMore, t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { showToast } from "../../state/toasts";
import { uploadPlace } from "../../state/upload_place";
import { addFiles } from "../../state/uploads";
import { readDropped } from "./dropped";

export function DropOverlay() {
  const [over, setOver] = useState(false);
  // With the first drawing: what is dropped a moment later is taken.
  useLayoutEffect(() => {
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent) => { if (holdsFiles(event)) event.preventDefault(); };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      void takeDropped(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent) => { if (event.clipboardData?.files.length) void addFiles(event.clipboardData.files, { place: uploadPlace.value }); };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", allow);
    window.addEventListener("drop", drop);
    window.addEventListener("paste", paste);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", allow);
      window.removeEventListener("drop", drop);
      window.removeEventListener("paste", paste);
    };
  }, []);
  if (!over) return null;
  const place = uploadPlace.value;
  return (
    <div class="drop-overlay" aria-hidden="true">
      <div><Icon name="upload" size={40} />{place ? t().upload.dropTo(place.name) : t().upload.dropTitle}<span class="muted small">{t().upload.dropHelp}</span></div>
    </div>
  );
}

async function takeDropped(transfer: DataTransfer): Promise<void> {
  const place = uploadPlace.value;
  const { files, paths, unreadable } = await readDropped(transfer);
  await addFiles(files, { paths, place });
  if (unreadable === 0) return;
  await loadMore();
  showToast(tLater().uploads.unreadable(unreadable, formatNumber(unreadable)));
}

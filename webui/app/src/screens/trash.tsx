import { useEffect, useRef, useState } from "preact/hooks";
import { explain } from "../api/client";
import { listTrash } from "../api/documents";
import { fetchLimits } from "../api/limits";
import type { DocumentListItem } from "../api/types";
import { Button, Checkbox, EmptyState } from "../components/controls";
import { AsCsv } from "../components/download";
import { MoreParts } from "../components/more_parts";
import { Screen } from "../components/screen";
import { useLoaded } from "../components/use_loaded";
import { useParts } from "../components/use_parts";
import { t, tLater } from "../i18n";
import { formatAgo, formatDate } from "../i18n/format";
import { mayEdit } from "../state/session";
import { showToast } from "../state/toasts";
import { restoreFromTrash, trashChanges } from "../state/trash";
import { changeAndTell } from "./search/change";

export function TrashScreen() {
  const trash = useParts(listTrash, "");
  const kept = useLoaded(async () => (await fetchLimits()).trash_kept_seconds).data;
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [busy, setBusy] = useState(false);
  const changes = trashChanges.value;
  const seen = useRef(changes);
  useEffect(() => {
    if (changes === seen.current) return;
    seen.current = changes;
    setPicked(new Set());
    void trash.reload();
  }, [changes]);
  const text = t().trash;
  const restorePicked = async () => {
    const only = picked.size === 1 ? trash.items?.find(({ id }) => picked.has(id)) : undefined;
    setBusy(true);
    try {
      await changeAndTell([...picked], { restore: true }, (n) => (n === 1 && only ? text.restored(only.title) : text.restoredMany(n)));
    } catch (error) {
      showToast(explain(error));
    }
    setBusy(false);
    trashChanges.value += 1;
  };
  const pick = (items: readonly DocumentListItem[], on: boolean) => {
    const next = new Set(picked);
    for (const { id } of items) if (on) next.add(id); else next.delete(id);
    setPicked(next);
  };
  return (
    <Screen title={text.title} lead={text.lead} actions={<AsCsv path="/trash" />}>
      <MoreParts of={trash}>
        {(items) => items.length === 0
          ? <EmptyState icon="trash" title={text.emptyTitle}>{text.emptyHelp}</EmptyState>
          : (
            <>
              {mayEdit.value && (
                <div class="button-row">
                  <Checkbox label={t().search.selectAll} checked={items.every(({ id }) => picked.has(id))} onChange={(on) => pick(items, on)} />
                  {picked.size > 0 && (
                    <Button icon="restore" disabled={busy} onClick={() => void restorePicked()}>{tLater().lists.restorePicked(picked.size)}</Button>
                  )}
                </div>
              )}
              <ul class="cards">
                {items.map((item) => (
                  <TrashCard key={item.id} item={item} kept={kept} picked={picked.has(item.id)} onPick={(on) => pick([item], on)} />
                ))}
              </ul>
            </>
          )}
      </MoreParts>
    </Screen>
  );
}

/** `kept`: seconds that something stays in the trash; null until they are known. */
function TrashCard({ item, kept, picked, onPick }: { item: DocumentListItem; kept: number | null; picked: boolean; onPick: (on: boolean) => void }) {
  const text = t().trash;
  const purged = item.trashed_at && kept !== null ? new Date(Date.parse(item.trashed_at) + kept * 1000).toISOString() : null;
  return (
    <li class="card" data-document={item.id}>
      {mayEdit.value ? <input type="checkbox" aria-label={t().search.selectRow(item.title)} checked={picked} onChange={(event) => onPick(event.currentTarget.checked)} /> : <span />}
      <div>
        <a class="name" href={`/?doc=${item.id}`}>{item.title}</a>
        <p class="muted small">{text.thrown} {item.trashed_at && formatAgo(item.trashed_at)}{purged && ` · ${tLater().lists.purgedAfter(formatDate(purged))}`}</p>
      </div>
      <div class="actions">
        {mayEdit.value && <Button compact icon="restore" onClick={() => void restoreFromTrash([item])}>{text.restore}</Button>}
      </div>
    </li>
  );
}

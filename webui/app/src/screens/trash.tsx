import { useEffect } from "preact/hooks";
import { listTrash } from "../api/documents";
import { Button, EmptyState } from "../components/controls";
import { AsCsv } from "../components/download";
import { Icon } from "../components/icon";
import { Content, Screen } from "../components/screen";
import { useLoaded } from "../components/use_loaded";
import { t } from "../i18n";
import { formatAgo } from "../i18n/format";
import { mayEdit } from "../state/session";
import { restoreFromTrash, trashChanges } from "../state/trash";

export function TrashScreen() {
  const trash = useLoaded(listTrash);
  const changes = trashChanges.value;
  useEffect(() => { if (changes > 0) void trash.reload(); }, [changes]);
  const text = t().trash;
  return (
    <Screen title={text.title} lead={text.lead} actions={<AsCsv path="/trash" />}>
      <Content of={trash}>
        {(items) => items.length === 0
          ? <EmptyState icon="trash" title={text.emptyTitle}>{text.emptyHelp}</EmptyState>
          : (
            <ul class="cards">
              {items.map((item) => (
                <li key={item.id} class="card" data-document={item.id}>
                  <Icon name="documents" size={24} />
                  <div>
                    <a class="name" href={`/?doc=${item.id}`}>{item.title}</a>
                    <p class="muted small">{text.thrown} {item.trashed_at && formatAgo(item.trashed_at)}</p>
                  </div>
                  <div class="actions">
                    {mayEdit.value && <Button compact icon="restore" onClick={() => void restoreFromTrash([item])}>{text.restore}</Button>}
                  </div>
                </li>
              ))}
            </ul>
          )}
      </Content>
    </Screen>
  );
}

// What a class was until it was changed, the newest first.
import { classVersions } from "../../api/file_plan";
import type { Class } from "../../api/types";
import { EmptyState } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatTime } from "../../i18n/format";

export function ClassHistory({ one, onClose }: { one: Class; onClose: () => void }) {
  const versions = useLoaded(() => classVersions(one.id));
  const text = tLater().records;
  return (
    <Dialog title={`${text.versions}: ${one.code}`} onClose={onClose}>
      <Content of={versions}>
        {(all) => (all.length === 0 ? <EmptyState icon="list" title={text.neverChanged} /> : (
          <ul class="plain-list">
            {all.map(({ number, code, title, status, scope_note, changed_at, changed_by }) => (
              <li key={number}>
                <div class="grow">
                  <strong>{code} {title}</strong> {status === "closed" && <span class="badge">{text.closed}</span>}
                  {scope_note && <div>{scope_note}</div>}
                  <div class="muted small">{formatTime(changed_at)}{changed_by && ` · ${changed_by.name}`}</div>
                </div>
              </li>
            ))}
          </ul>
        ))}
      </Content>
    </Dialog>
  );
}

import { fetchStatus } from "../../api/admin";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatNumber, formatSize } from "../../i18n/format";
import { Upkeep } from "./upkeep";

export function StatusTab() {
  const status = useLoaded(fetchStatus, true);
  const text = tLater().admin;
  return (
    <Content of={status}>
      {(now) => {
        const level = now.sandbox_level;
        const tiles: [string, string, string?][] = [
          [text.documentsTotal, formatNumber(now.documents)],
          [text.pagesTotal, formatNumber(now.pages)],
          [text.queue, formatNumber(now.queue.queued + now.queue.running)],
          [text.quarantined, formatNumber(now.documents_by_state["quarantined"] ?? 0)],
          [text.indexLag, formatNumber(now.index.pending)],
          [text.diskFree, formatSize(now.disk.free_bytes)],
          [text.sandbox, `S${level}`, (text.sandboxHelp as Record<string, string>)[String(level)]],
          [text.version, now.version],
        ];
        return (
          <>
            <dl class="tiles">
              {tiles.map(([label, value, note]) => (
                <div key={label} class="tile"><dt>{label}</dt><dd>{value}</dd>{note && <dd class="note">{note}</dd>}</div>
              ))}
            </dl>
            <Upkeep />
          </>
        );
      }}
    </Content>
  );
}

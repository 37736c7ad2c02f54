import { fetchStatus } from "../../api/admin";
import { fetchLimits } from "../../api/limits";
import type { Limits, Status } from "../../api/types";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatNumber, formatSize, languageName } from "../../i18n/format";
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
            <Settings disk={now.disk} />
          </>
        );
      }}
    </Content>
  );
}

/** What muniment.conf says of how long and how much is kept. */
function Settings({ disk }: { disk: Status["disk"] }) {
  const limits = useLoaded(fetchLimits);
  const text = tLater().admin.settings;
  return (
    <section aria-labelledby="settings-title">
      <h2 class="section-title" id="settings-title">{text.title}</h2>
      <p class="muted">{text.lead}</p>
      <Content of={limits}>
        {(set) => <dl class="facts">{settingsOf(set, disk).map(([label, value]) => <><dt key={label}>{label}</dt><dd>{value}</dd></>)}</dl>}
      </Content>
    </section>
  );
}

function settingsOf(limits: Limits, disk: Status["disk"]): [label: string, value: string][] {
  const text = tLater().admin.settings;
  return [
    [text.disk, text.ofDisk(formatSize(disk.free_bytes), formatSize(disk.total_bytes))],
    [text.floor, formatSize(disk.floor_bytes)],
    [text.largestFile, formatSize(limits.max_file_size)],
    [text.dailyQuota, limits.daily_quota > 0 ? text.aDay(formatSize(limits.daily_quota)) : text.noQuota],
    [text.trash, inDays(limits.trash_kept_seconds)],
    [text.approvals, formatNumber(limits.disposition_approvals)],
    [text.unfinishedUploads, inDays(limits.upload_expiry_seconds)],
    [text.sessions, text.sessionsEnd(inDays(limits.session_idle_seconds), inDays(limits.session_absolute_seconds))],
    [text.languages, limits.languages.map(languageName).join(", ")],
    [text.mail, limits.sends_mail ? text.mailSent : text.mailNotSent],
  ];
}

function inDays(seconds: number): string {
  const text = tLater().admin.settings;
  const days = seconds / 86_400;
  return days >= 1 ? text.days(days, formatNumber(days)) : text.hours(seconds / 3600, formatNumber(seconds / 3600));
}

// One source: whether it works, what came, and what lies there.
import type { Source } from "../../api/types";
import { Banner, Button } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icon";
import { t, tLater } from "../../i18n";
import { formatAgo, formatNumber, formatTime } from "../../i18n/format";

const icons = { watch: "folder", mailbox: "download", smtp: "inbox", drop: "upload", scan: "scan" } as const;

/** `onEdit`: null for one that the configuration says, or that is set up on another tab. */
export function SourceCard({ source, onRetry, onShow, onEdit }: { source: Source; onRetry: () => void; onShow: () => void; onEdit: (() => void) | null }) {
  const text = tLater().sources;
  const isFolder = source.kind === "watch" || source.kind === "drop";
  return (
    <li class="card">
      <span class="muted"><Icon name={icons[source.kind]} size={24} /></span>
      <div>
        <div class="name">{source.name}</div>
        <p class="muted small">{[t().panel.sources[source.kind], source.about, isFolder && source.intake_folder === null ? text.configured : ""].filter(Boolean).join(" · ")}</p>
        <p class="muted small">{standing(source)}</p>
        {source.lone_side && <p class="small">{text.loneSide(source.lone_side.name, formatTime(source.lone_side.until))}</p>}
      </div>
      <div class="actions">
        {source.failed > 0 && <Button compact icon="quarantine" aria-label={`${text.show}: ${source.name}`} onClick={onShow}>{text.show}</Button>}
        {source.can_retry && <Button compact icon="retry" aria-label={`${text.retry}: ${source.name}`} onClick={onRetry}>{text.retry}</Button>}
        {onEdit && <Button compact icon="edit" aria-label={`${t().common.edit} ${source.name}`} onClick={onEdit}>{t().common.edit}</Button>}
      </div>
      {source.problem !== null && (
        <div class="wide">
          <Banner kind="warn">{[inWords(source, source.problem), ...(source.problem_since === null ? [] : [`(${text.since(formatTime(source.problem_since))})`])].join(" ")}</Banner>
        </div>
      )}
    </li>
  );
}

function standing(source: Source): string {
  const text = tLater().sources;
  return [
    text.states[source.state],
    source.last_at === null ? text.never : text.last(formatAgo(source.last_at)),
    text.lastWeek(formatNumber(source.last_week)),
    ...(source.waiting > 0 ? [source.kind === "scan" ? text.scansWaiting(source.waiting) : text.waiting(formatNumber(source.waiting))] : []),
    ...(source.failed > 0 ? [text.failed(formatNumber(source.failed))] : []),
  ].join(" · ");
}

/** What scanners complain of are codes; all others speak for themselves. */
function inWords({ kind }: Source, problem: string): string {
  const words: Readonly<Record<string, string>> = tLater().scan.problems;
  return kind === "scan" ? words[problem] ?? problem : problem;
}

/** What failed there, but for a mailbox, whose mails are dealt with one by one. */
export function Failures({ source, onClose, onRetry }: { source: Source; onClose: () => void; onRetry: () => void }) {
  const text = tLater().sources;
  const { failures, failed } = source;
  return (
    <Dialog title={text.failedTitle(source.name)} onClose={onClose} footer={
      <>
        <Button onClick={onClose}>{t().common.close}</Button>
        {source.can_retry && <Button kind="primary" icon="retry" onClick={onRetry}>{text.retry}</Button>}
      </>
    }>
      {failures.length < failed && <p class="muted">{text.newest(failures.length, formatNumber(failed))}</p>}
      <ul class="cards">
        {failures.map((failure, index) => (
          <li key={index}>
            <div><strong>{failure.name}</strong></div>
            <p>{failure.problem}</p>
            <p class="muted small">{formatTime(failure.at)}</p>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

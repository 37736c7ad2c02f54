// Everything that flows in by itself: whether it works, what came, and what lies there.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { listSources, retrySource } from "../../api/sources";
import type { Source } from "../../api/types";
import { Banner, Button, EmptyState } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { AsCsv } from "../../components/download";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { useNews } from "../../components/use_news";
import { t, tLater } from "../../i18n";
import { formatAgo, formatNumber, formatTime } from "../../i18n/format";
import { showToast } from "../../state/toasts";
import { FailedMails } from "./failed_mails";
import { NetworkScanners } from "./network_scanners";

const newsPause = 5000; // milliseconds: each folder is looked through for it

const icons = { watch: "folder", mailbox: "download", smtp: "inbox", drop: "upload", scan: "scan" } as const;

export function Sources() {
  const loaded = useLoaded(listSources);
  useNews(() => void loaded.reload(), newsPause);
  const [showing, setShowing] = useState<Source | null>(null);
  const text = tLater().sources;
  const retry = async (source: Source) => {
    setShowing(null);
    try {
      await retrySource(source);
      showToast(text.retryBegins);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <>
      <div class="button-row"><p class="muted grow">{text.lead}</p><AsCsv path="/admin/sources" /></div>
      <Content of={loaded}>
        {(all) => (all.length === 0 ? <EmptyState icon="download" title={text.none}>{text.noneHelp}</EmptyState> : (
          <ul class="cards">
            {all.map((source) => <Card key={`${source.kind} ${source.name}`} source={source} onRetry={() => void retry(source)} onShow={() => setShowing(source)} />)}
          </ul>
        ))}
      </Content>
      <NetworkScanners />
      {showing && (showing.mailbox === null
        ? <Failures source={showing} onClose={() => setShowing(null)} onRetry={() => void retry(showing)} />
        : <FailedMails mailbox={showing.mailbox} name={showing.name} onRetry={showing.state === "off" ? null : () => void retry(showing)} onClose={() => { setShowing(null); void loaded.reload(); }} />)}
    </>
  );
}

function Card({ source, onRetry, onShow }: { source: Source; onRetry: () => void; onShow: () => void }) {
  const text = tLater().sources;
  return (
    <li class="card">
      <span class="muted"><Icon name={icons[source.kind]} size={24} /></span>
      <div>
        <div class="name">{source.name}</div>
        <p class="muted small">{[t().panel.sources[source.kind], source.about].filter(Boolean).join(" · ")}</p>
        <p class="muted small">{standing(source)}</p>
      </div>
      <div class="actions">
        {source.failed > 0 && <Button compact icon="quarantine" aria-label={`${text.show}: ${source.name}`} onClick={onShow}>{text.show}</Button>}
        {source.can_retry && <Button compact icon="retry" aria-label={`${text.retry}: ${source.name}`} onClick={onRetry}>{text.retry}</Button>}
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

function Failures({ source, onClose, onRetry }: { source: Source; onClose: () => void; onRetry: () => void }) {
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

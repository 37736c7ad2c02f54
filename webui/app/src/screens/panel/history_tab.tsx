// Everything that was done with a document: who, when, and what was before and after. It is read when it is opened.
import { useState } from "preact/hooks";
import { documentHistory } from "../../api/audit";
import type { AuditEntry, Document } from "../../api/types";
import { AsCsv } from "../../components/download";
import { MoreParts } from "../../components/more_parts";
import { useParts } from "../../components/use_parts";
import { t, tLater } from "../../i18n";
import { formatTime } from "../../i18n/format";
import { actionInWords } from "../audit_words";
import { changesOf } from "../changes";

/** To be keyed by the document. */
export function History({ document }: { document: Document }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{tLater().history.title}</summary>
      {open && <Entries key={document.version} id={document.id} />}
    </details>
  );
}

function Entries({ id }: { id: number }) {
  const entries = useParts((cursor) => documentHistory(id, cursor), "");
  return (
    <>
      <div class="button-row"><AsCsv path={`/documents/${id}/history`} /></div>
      <MoreParts of={entries}>{(all) => <ol class="plain-list">{all.map((entry) => <Entry key={entry.sequence} entry={entry} />)}</ol>}</MoreParts>
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const text = tLater().history;
  return (
    <li>
      <div class="grow">
        <strong>{actionInWords(entry.action)}</strong>{!entry.succeeded && <> <span class="badge danger">{text.refused}</span></>}
        {changesOf(entry.old, entry.new).map(({ name, before, after }) => (
          <div key={name} class="small">{text.names[name] ?? name}: {before !== null && <><del>{before || t().common.none}</del> → </>}<ins>{after || t().common.none}</ins></div>
        ))}
        {entry.reason && <div class="small">{entry.reason}</div>}
        <div class="muted small">{formatTime(entry.at)} · {entry.account?.name ?? text.system}{entry.client && ` · ${entry.client}`}</div>
      </div>
    </li>
  );
}

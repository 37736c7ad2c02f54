import { explain } from "../../api/client";
import { undoAssembly } from "../../api/pages";
import type { Document } from "../../api/types";
import { Button } from "../../components/controls";
import { Icon } from "../../components/icon";
import { later } from "../../components/later";
import { t } from "../../i18n";
import { formatNumber, formatSize, formatTime } from "../../i18n/format";
import { navigate } from "../../router";
import { loadDocument } from "../../state/document";
import { mayEdit } from "../../state/session";
import { showToast } from "../../state/toasts";

const Versions = later(async () => (await import("./versions")).Versions);
const Relations = later(async () => (await import("./relations")).Relations, null);
const Follow = later(async () => (await import("../../components/follow")).Follow, null);
const ShareLinks = later(async () => (await import("./share_links")).ShareLinks, null);
const History = later(async () => (await import("./history_tab")).History, null);
const Related = later(async () => (await import("./related")).Related, null);

export function FileTab({ document }: { document: Document }) {
  const text = t().panel;
  const source = (text.sources as Record<string, string>)[document.source] ?? document.source;
  return (
    <>
      <dl class="facts">
        <dt>{text.added}</dt>
        <dd>{formatTime(document.added_at)}{document.added_by && ` ${text.addedBy} ${document.added_by.name}`}</dd>
        <dt>{text.source}</dt>
        <dd>{source}</dd>
        <dt>{text.pages}</dt>
        <dd>{formatNumber(document.page_count)}</dd>
        {document.serial_number && (<>
          <dt>{text.serialNumber}</dt>
          <dd>
            {document.serial_number.number ?? document.serial_number.label}
            {document.serial_number.problem && ` · ${text.serialProblems[document.serial_number.problem]}`}
          </dd>
        </>)}
        <Others label={text.madeFrom} documents={document.made_from} />
        <Others label={text.madeInto} documents={document.made_into} />
      </dl>
      {(document.replaced_at !== null || document.made_from.length > 0) && mayEdit.value && document.may_change && !document.trashed_at && !document.is_record && (
        <Button icon="restore" onClick={() => void undo(document.id)}>{text.undoAssembly}</Button>
      )}
      {document.medium !== "physical" && (<>
      <dl class="facts">
        <dt>{text.fileName}</dt>
        <dd>{document.filename}</dd>
        <dt>{text.kind}</dt>
        <dd>{document.media_type || t().common.unknown}{document.encrypted && ` · ${text.encrypted}`}{document.signed && ` · ${text.signed}`}</dd>
        <dt>{text.size}</dt>
        <dd>{formatSize(document.size)}</dd>
        <dt>{text.hash}</dt>
        <dd class="hash">{document.sha256}</dd>
      </dl>
      <a class="button" href={`/api/v1/documents/${document.id}/original`} download><Icon name="download" size={18} />{t().viewer.original}</a>
      </>)}
      <Versions key={document.id} document={document} />
      <Related document={document} />
      <Relations key={`relations ${document.id}`} document={document} />
      {!document.trashed_at && <Follow key={`follow ${document.id}`} kind="document" id={document.id} />}
      <ShareLinks key={`links ${document.id}`} document={document} />
      <History key={`history ${document.id}`} document={document} />
    </>
  );
}

async function undo(id: number): Promise<void> {
  try {
    const [first] = await undoAssembly(id);
    showToast(t().panel.assemblyUndone);
    navigate(`/?doc=${first}`);
    if (first === id) void loadDocument(id);
  } catch (error) {
    showToast(explain(error));
  }
}

/** Documents that share pages with this one, as links. */
function Others({ label, documents }: { label: string; documents: readonly number[] }) {
  if (documents.length === 0) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>{documents.map((id) => <a key={id} href={`/?doc=${id}`}>{`#${id} `}</a>)}</dd>
    </>
  );
}

import type { Document } from "../../api/types";
import { Icon } from "../../components/icon";
import { later } from "../../components/later";
import { t } from "../../i18n";
import { formatNumber, formatSize, formatTime } from "../../i18n/format";

const Versions = later(async () => (await import("./versions")).Versions);

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
      </dl>
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
    </>
  );
}

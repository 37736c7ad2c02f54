// Every record that a change of schedules would move, before the change is made.
import { useEffect, useState } from "preact/hooks";
import { explain } from "../../api/client";
import { previewChange, savePreview, type Supposition } from "../../api/plan_preview";
import type { MovedRecord, SchedulePreview } from "../../api/types";
import { Banner, Button } from "../../components/controls";
import { language, t, tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { attempt, decisionInWords, TableHead, TableRegion } from "./parts";

/** To be keyed by what is supposed. */
export function PlanPreview({ of: supposed }: { of: Supposition }) {
  const [preview, setPreview] = useState<SchedulePreview | null>(null);
  const [failure, setFailure] = useState("");
  const text = tLater().retention;
  useEffect(() => {
    previewChange(supposed, 0).then(setPreview, (error: unknown) => setFailure(explain(error)));
  }, []);
  const readOn = (so: SchedulePreview) => attempt(async () => {
    const next = await previewChange(supposed, so.items.at(-1)?.id ?? 0);
    setPreview({ ...so, items: [...so.items, ...next.items], more: next.more });
  });
  if (failure) return <Banner kind="danger">{failure}</Banner>;
  if (!preview) return <p class="muted" role="status">{t().common.loading}</p>;
  const { examined, moved, sooner, items, more } = preview;
  return (
    <section class="stack" aria-live="polite">
      <Banner kind={sooner ? "warn" : "ok"}>{tLater().records.previewed(formatNumber(examined ?? 0), formatNumber(moved ?? 0), formatNumber(sooner ?? 0))}</Banner>
      {items.length > 0 && (
        <>
          <TableRegion label={text.moved}>
            <TableHead columns={[tLater().records.document, text.now, text.then]} />
            <tbody>{items.map((one) => <MovedRow key={one.id} record={one} />)}</tbody>
          </TableRegion>
          <div class="button-row">
            {more && <Button compact onClick={() => void readOn(preview)}>{text.moreRecords}</Button>}
            <Button compact icon="download" onClick={() => void attempt(() => savePreview(supposed, language.value))}>{t().common.asCsv}</Button>
          </div>
        </>
      )}
    </section>
  );
}

function MovedRow({ record: { id, title, before, after, reason } }: { record: MovedRecord }) {
  return (
    <tr>
      <td><a href={`/?doc=${id}&tab=retention`}>{title || `#${id}`}</a><details class="small"><summary>{tLater().retention.why}</summary>{reason}</details></td>
      <td>{inWords(before)}</td>
      <td>{inWords(after)}</td>
    </tr>
  );
}

function inWords(decision: MovedRecord["before"]): string {
  const deadline = decision.deadline ? ` (${tLater().retention.goneAfter(formatDate(decision.deadline))})` : "";
  return decisionInWords(decision) + deadline;
}

// "Scan and discard": the checks of a scan, how many pages the rule asks for, and the rule itself.
import { useState } from "preact/hooks";
import { checkScan, fetchScanRule, setScanRule } from "../../api/paper";
import type { Document, PaperFile } from "../../api/types";
import { Button, Checkbox, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { mayManagePaper, mayManageSchedules } from "../../state/session";
import { inRuns, pagesIn } from "./page_numbers";
import { Area, attempt } from "./parts";

export function ScanChecks({ file, onDo }: { file: PaperFile; onDo: (what: "check" | "discard") => void }) {
  const text = tLater().paper;
  const { pages: seen, of, needed } = file.scan_coverage;
  return (
    <>
      <h3>{text.scanAndDiscard}</h3>
      {needed > 0 && <p class="small">{tLater().retention.coverage(seen.length, of, needed)}{seen.length > 0 && ` (${inRuns(seen)})`}</p>}
      <ul class="plain-list">
        {file.scan_checks.map(({ id, pages_compared: count, pages, passed, checked_by: by, checked_at: at, note }) => (
          <li key={id}>
            <span>
              {passed ? text.checkPassed(count, by, formatDate(at)) : text.checkFailed(by, formatDate(at))}
              {pages.length > 0 && ` (${tLater().retention.pages} ${inRuns(pages)})`}
              {note && `: ${note}`}
            </span>
          </li>
        ))}
      </ul>
      {mayManagePaper.value && (
        <div class="button-row">
          <Button compact onClick={() => onDo("check")}>{text.checkScan}</Button>
          {file.scan_checks[0]?.passed && seen.length >= needed && !file.loan && <Button compact kind="danger" onClick={() => onDo("discard")}>{text.discard}</Button>}
        </div>
      )}
    </>
  );
}

export function CheckDialog({ document, file, onClose, onSaved }: { document: Document; file: PaperFile; onClose: () => void; onSaved: () => Promise<void> }) {
  const { of } = file.scan_coverage;
  const [pages, setPages] = useState(of === 1 ? "1" : `1-${of}`);
  const [passed, setPassed] = useState(false);
  const [note, setNote] = useState("");
  const text = tLater().paper;
  const chosen = pagesIn(pages, of);
  const save = async () => {
    await checkScan(document.id, chosen ?? [], passed, note.trim());
    await onSaved();
  };
  return (
    <FormDialog title={text.checkScan} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.pagesCompared} hint={tLater().retention.pagesHint} name="pages" required error={chosen ? problem("pages") : tLater().retention.pagesWrong(of)} value={pages} onInput={setPages} />
          <Checkbox label={text.passed} checked={passed} onChange={setPassed} />
          <Area label={text.note} name="note" value={note} onInput={setNote} error={problem("note")} />
        </>
      )}
    </FormDialog>
  );
}

/** How many pages of every scan are to be compared before its paper may go. */
export function ScanRule() {
  const rule = useLoaded(fetchScanRule);
  const [changed, setChanged] = useState<string | null>(null);
  const text = tLater().retention;
  if (rule.data === null) return null;
  const percent = changed ?? String(rule.data);
  const save = (event: Event) => {
    event.preventDefault();
    void attempt(() => setScanRule(Number(percent)), text.ruleSaved).then(rule.reload);
  };
  if (!mayManageSchedules.value) return rule.data > 0 ? <p>{text.scanRuleIs(rule.data)}</p> : null;
  return (
    <form class="button-row" onSubmit={save}>
      <TextField label={text.scanRule} hint={text.scanRuleHint} name="percent" type="number" min={0} max={100} required value={percent} onInput={setChanged} />
      <Button type="submit">{t().common.save}</Button>
    </form>
  );
}

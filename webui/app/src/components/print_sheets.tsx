// Printing separator sheets, and labels with serial numbers, as PDF.
import { useState } from "preact/hooks";
import { ApiError, explain } from "../api/client";
import { saveFile } from "../api/files";
import { language, tLater } from "../i18n";
import { Banner, Button, Select, TextField } from "./controls";
import { Dialog } from "./dialog";

const labelSheets = ["a4-3x8", "a4-2x7", "label-62x29"] as const;
const symbols = ["qr", "code128"] as const;
type What = "sheets" | "labels";

/** A button that asks what is to be printed. */
export function PrintSheets() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button compact icon="print" onClick={() => setOpen(true)}>{tLater().printing.open}</Button>
      {open && <SheetsDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function SheetsDialog({ onClose }: { onClose: () => void }) {
  const [what, setWhat] = useState<What>("sheets");
  const [count, setCount] = useState("");
  const [code, setCode] = useState("");
  const [first, setFirst] = useState("");
  const [sheet, setSheet] = useState<string>(labelSheets[0]);
  const [symbol, setSymbol] = useState<string>(symbols[0]);
  const [problem, setProblem] = useState<unknown>(null);
  const text = tLater().printing;
  const wanted = what === "sheets" ? { count: count || "1", code: code.trim() } : { count, first, sheet, symbol };
  const query = new URLSearchParams(Object.entries({ ...wanted, language: language.value }).filter(([, value]) => value !== ""));
  const path = what === "sheets" ? "separator-sheets.pdf" : "serial-labels.pdf";
  const save = async () => {
    setProblem(null);
    try {
      await saveFile(`/api/v1/${path}?${query.toString()}`, undefined, path);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Dialog title={text.title} onClose={onClose} footer={<Button kind="primary" icon="download" onClick={() => void save()}>{text.get}</Button>}>
      <div class="stack">
        {problem !== null && <Banner kind="danger">{explain(problem)}</Banner>}
        <Select label={text.what} value={what} onChange={(chosen) => setWhat(chosen === "labels" ? "labels" : "sheets")}
          options={[{ value: "sheets", label: text.sheets }, { value: "labels", label: text.labels }]} />
        <TextField label={text.count} type="number" min={1} max={what === "sheets" ? 100 : 1000} {...(what === "labels" ? { hint: text.countHint } : {})} value={count} onInput={setCount} />
        {what === "sheets" ? <TextField label={text.code} hint={text.codeHint} error={problem instanceof ApiError ? problem.field("code") : undefined} value={code} onInput={setCode} /> : (
          <>
            <TextField label={text.first} type="number" min={0} hint={text.firstHint} value={first} onInput={setFirst} />
            <Select label={text.sheet} value={sheet} onChange={setSheet} options={labelSheets.map((value) => ({ value, label: text.labelSheets[value] }))} />
            <Select label={text.symbol} value={symbol} onChange={setSymbol} options={symbols.map((value) => ({ value, label: text.symbols[value] }))} />
          </>
        )}
      </div>
    </Dialog>
  );
}

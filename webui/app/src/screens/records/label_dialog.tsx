// Labels as a PDF, on the sheet that is in the printer.
import { useState } from "preact/hooks";
import { printLabels } from "../../api/paper";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";

const sheets = [{ name: "a4-3x8", labels: 24 }, { name: "a4-2x7", labels: 14 }, { name: "label-62x29", labels: 1 }] as const;
const kept = "muniment.labels";

export function LabelDialog({ documents, locations, onClose, onPrinted }: { documents: number[]; locations: number[]; onClose: () => void; onPrinted?: () => Promise<void> }) {
  const [sheet, setSheet] = useState<string>(localStorage.getItem(kept) ?? sheets[0].name);
  const [symbol, setSymbol] = useState("code128");
  const [start, setStart] = useState("1");
  const text = tLater().paper;
  const chosen = sheets.find(({ name }) => name === sheet) ?? sheets[0];
  const save = async () => {
    localStorage.setItem(kept, chosen.name);
    const pdf = await printLabels({ documents, locations, sheet: chosen.name, symbol, start: chosen.labels > 1 ? Number(start) : 1 });
    const address = URL.createObjectURL(pdf);
    window.open(address, "_blank");
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    await onPrinted?.();
  };
  return (
    <FormDialog title={text.printLabels(documents.length + locations.length)} action={text.print} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <Select label={text.sheet} value={chosen.name} onChange={setSheet} options={sheets.map(({ name }) => ({ value: name, label: text.sheets[name] }))} />
          <Select label={text.symbol} value={symbol} onChange={setSymbol}
            options={(["code128", "qr"] as const).map((each) => ({ value: each, label: text.symbols[each] }))} />
          {chosen.labels > 1 && (
            <TextField label={text.start} name="start" type="number" min={1} max={chosen.labels} hint={text.startHint} error={problem("start")} value={start} onInput={setStart} />
          )}
        </>
      )}
    </FormDialog>
  );
}

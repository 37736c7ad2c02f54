// A paper file becomes a document: its title, place in the file plan, where it stands.
import { useState } from "preact/hooks";
import { registerPaper } from "../../api/paper";
import type { Named } from "../../api/types";
import { ClassField, FolderField } from "../../components/choosers";
import { TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater, t } from "../../i18n";
import { navigate } from "../../router";
import { showToast } from "../../state/toasts";
import { BarcodeField, PlaceField } from "./place_dialogs";

export function RegisterDialog({ home: first, onClose }: { home: Named | null; onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [date, setDate] = useState("");
  const [inClass, setInClass] = useState<Named | null>(null);
  const [folder, setFolder] = useState<Named | null>(null);
  const [home, setHome] = useState(first);
  const [barcode, setBarcode] = useState("");
  const text = tLater().paper;
  const save = async () => {
    const file = await registerPaper({
      title: title.trim(), document_date: date || null, class: inClass?.id ?? null, folder: folder?.id ?? null, home: home?.id ?? null, barcode: barcode.trim(),
    });
    showToast(`${text.registered}: ${file.barcode}`);
    navigate(`/?doc=${file.document.id}&tab=paper`);
  };
  return (
    <FormDialog title={text.register} action={text.register} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.title} name="title" required error={problem("title")} value={title} onInput={setTitle} />
          <TextField label={text.date} name="document_date" type="date" error={problem("document_date")} value={date} onInput={setDate} />
          <ClassField label={tLater().records.class} placeholder={t().common.none} value={inClass} error={problem("class")} onPick={(chosen) => { setInClass(chosen); setFolder(null); }} />
          {inClass && <FolderField key={inClass.id} label={tLater().records.folder} placeholder={t().common.none} inClass={inClass.id} value={folder} error={problem("folder")} onPick={setFolder} />}
          <PlaceField label={text.home} value={home} error={problem("home")} onPick={setHome} />
          <BarcodeField value={barcode} onInput={setBarcode} error={problem("barcode")} />
        </>
      )}
    </FormDialog>
  );
}

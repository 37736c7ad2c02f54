// A paper file becomes a document: its title, place in the file plan, where it stands.
import { useState } from "preact/hooks";
import { allClasses, allFolders } from "../../api/file_plan";
import { registerPaper } from "../../api/paper";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { navigate } from "../../router";
import { showToast } from "../../state/toasts";
import { BarcodeField, PlaceField } from "./place_dialogs";

export function RegisterDialog({ home: first, onClose }: { home: number | null; onClose: () => void }) {
  const plan = useLoaded(async () => ({ classes: await allClasses(), folders: await allFolders() }));
  const [title, setTitle] = useState("");
  const [date, setDate] = useState("");
  const [inClass, setInClass] = useState("");
  const [folder, setFolder] = useState("");
  const [home, setHome] = useState(first === null ? "" : String(first));
  const [barcode, setBarcode] = useState("");
  const text = tLater().paper;
  const number = (id: string) => (id ? Number(id) : null);
  const save = async () => {
    const file = await registerPaper({
      title: title.trim(), document_date: date || null, class: number(inClass), folder: number(folder), home: number(home), barcode: barcode.trim(),
    });
    showToast(`${text.registered}: ${file.barcode}`);
    navigate(`/?doc=${file.document.id}&tab=paper`);
  };
  const classes = (plan.data?.classes ?? []).filter(({ status }) => status === "open");
  const folders = (plan.data?.folders ?? []).filter((each) => each.status === "open" && String(each.class.id) === inClass);
  return (
    <FormDialog title={text.register} action={text.register} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.title} name="title" required error={problem("title")} value={title} onInput={setTitle} />
          <TextField label={text.date} name="document_date" type="date" error={problem("document_date")} value={date} onInput={setDate} />
          <Select label={tLater().records.class} value={inClass} onChange={(id) => { setInClass(id); setFolder(""); }}
            options={[{ value: "", label: t().common.none }, ...classes.map(({ id, code, title: name }) => ({ value: String(id), label: `${code} ${name}` }))]} />
          {folders.length > 0 && (
            <Select label={tLater().records.folder} value={folder} onChange={setFolder}
              options={[{ value: "", label: t().common.none }, ...folders.map(({ id, title: name }) => ({ value: String(id), label: name }))]} />
          )}
          <PlaceField label={text.home} value={home} onChange={setHome} />
          <BarcodeField value={barcode} onInput={setBarcode} error={problem("barcode")} />
        </>
      )}
    </FormDialog>
  );
}

// Chosen documents, or a folder of them, as a package for another archive; nothing is changed by it.
import { useState } from "preact/hooks";
import { savePackage, type Exported } from "../../api/transfers";
import { TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";
import { showToast } from "../../state/toasts";

export function ExportDialog({ what, name, onClose }: { what: Exported; name: string; onClose: () => void }) {
  const [title, setTitle] = useState(name);
  const text = tLater().records;
  const save = async () => {
    await savePackage(what, title.trim());
    showToast(text.packageMade);
  };
  return (
    <FormDialog title={`${text.exportPackage}: ${name}`} action={text.makePackage} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <div class="muted">{text.exportHelp}</div>
          <TextField label={text.packageTitle} name="title" required error={problem("title")} value={title} onInput={setTitle} />
        </>
      )}
    </FormDialog>
  );
}

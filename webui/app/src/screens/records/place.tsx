// Choosing a place in the file plan: a class, or a folder, which decides the class.
import { useState } from "preact/hooks";
import { allClasses, allFolders } from "../../api/file_plan";
import { Select } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater, t } from "../../i18n";
import { ReasonField } from "./parts";

export type ChosenPlace = { folder: number } | { class: number };

const load = async () => {
  const [classes, folders] = await Promise.all([allClasses(), allFolders()]);
  return { classes: classes.filter(({ status }) => status === "open"), folders: folders.filter(({ status }) => status === "open") };
};

/** Asks for a place, and with `reasoned` for the reason. */
export function PlaceDialog({ title, reasoned, onSave, onClose }: {
  title: string;
  reasoned?: boolean;
  onSave: (place: ChosenPlace, reason: string) => Promise<void>;
  onClose: () => void;
}) {
  const places = useLoaded(load);
  const [inClass, setInClass] = useState("");
  const [folder, setFolder] = useState("");
  const [reason, setReason] = useState("");
  const text = tLater().records;
  const save = () => onSave(folder ? { folder: Number(folder) } : { class: Number(inClass) }, reason);
  return (
    <FormDialog title={title} action={text.file} onClose={onClose} onSave={save}>
      {(problem) => (
        <Content of={places}>
          {({ classes, folders }) => (
            <>
              <Select required label={text.class} value={inClass} onChange={(id) => { setInClass(id); setFolder(""); }}
                options={[{ value: "", label: t().panel.choose }, ...classes.map(({ id, code, title: name }) => ({ value: String(id), label: `${code} ${name}` }))]} />
              <Select label={text.folder} value={folder} onChange={setFolder}
                options={[{ value: "", label: t().common.none }, ...folders.filter((each) => String(each.class.id) === inClass).map(({ id, title: name }) => ({ value: String(id), label: name }))]} />
              {reasoned && <ReasonField value={reason} onInput={setReason} error={problem("reason")} />}
            </>
          )}
        </Content>
      )}
    </FormDialog>
  );
}

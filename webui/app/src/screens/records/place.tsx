// Choosing a place in the file plan: a class, or a folder, which decides the class.
import { useState } from "preact/hooks";
import type { BulkChange, Named } from "../../api/types";
import { ClassField, FolderField } from "../../components/choosers";
import { FormDialog } from "../../components/form_dialog";
import { tLater, t } from "../../i18n";
import { ReasonField } from "./parts";

export type ChosenPlace = { folder: number } | { class: number };

/** What a change of documents says that puts them there. */
export function filing(place: ChosenPlace): BulkChange {
  return "folder" in place ? place : { ...place, folder: null };
}

/** Asks for a place, and with `reasoned` for the reason. */
export function PlaceDialog({ title, reasoned, onSave, onClose }: {
  title: string;
  reasoned?: boolean;
  onSave: (place: ChosenPlace, reason: string, name: string) => Promise<void>;
  onClose: () => void;
}) {
  const [inClass, setInClass] = useState<Named | null>(null);
  const [folder, setFolder] = useState<Named | null>(null);
  const [reason, setReason] = useState("");
  const text = tLater().records;
  const save = () => onSave(folder ? { folder: folder.id } : { class: inClass?.id ?? 0 }, reason, (folder ?? inClass)?.name ?? "");
  return (
    <FormDialog title={title} action={text.file} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <ClassField label={text.class} required={folder === null} value={inClass} error={problem("class")} onPick={(chosen) => { setInClass(chosen); setFolder(null); }} />
          <FolderField key={inClass?.id} label={text.folder} placeholder={t().common.none} inClass={inClass?.id} value={folder} error={problem("folder")} onPick={setFolder} />
          {reasoned && <ReasonField value={reason} onInput={setReason} error={problem("reason")} />}
        </>
      )}
    </FormDialog>
  );
}

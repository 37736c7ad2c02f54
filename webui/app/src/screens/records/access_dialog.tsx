// Who may see many documents: an access list of their own, or that of their places.
import { useState } from "preact/hooks";
import type { BulkChange, Named } from "../../api/types";
import { AccessListField } from "../../components/choosers";
import { FormDialog } from "../../components/form_dialog";
import { tLater } from "../../i18n";

/** `onSave` is given the change and what it is called. */
export function AccessDialog({ onSave, onClose }: { onSave: (change: BulkChange, name: string) => Promise<void>; onClose: () => void }) {
  const [list, setList] = useState<Named | null>(null);
  const { bulk, sight } = tLater();
  return (
    <FormDialog title={bulk.setAccess} onClose={onClose} onSave={() => onSave({ access_list: list?.id ?? null }, list?.name ?? sight.asAbove)}>
      {(problem) => <AccessListField label={sight.accessList} placeholder={sight.asAbove} value={list} error={problem("access_list")} onPick={setList} />}
    </FormDialog>
  );
}

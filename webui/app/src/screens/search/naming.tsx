// Tags, type, correspondent, date and one's own fields for many documents at once.
import { useLayoutEffect, useState } from "preact/hooks";
import { explain } from "../../api/client";
import { ensureName, type Vocabulary } from "../../api/names";
import type { BulkChange } from "../../api/types";
import { Button } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { Picker, type Choice } from "../../components/picker";
import { t, tLater } from "../../i18n";
import { bindKeys } from "../../keys";
import { showToast } from "../../state/toasts";
import { findNames } from "../panel/fields";
import { DateDialog, FieldDialog } from "./field_dialog";

/** What a document is named by. Dates and one's own fields are told as fields. */
export type Naming = "addTag" | "removeTag" | "setType" | "setCorrespondent";

const namings: readonly Naming[] = ["addTag", "removeTag", "setType", "setCorrespondent"];
const vocabularyOf: Record<Naming, Vocabulary> = { addTag: "tags", removeTag: "tags", setType: "types", setCorrespondent: "correspondents" };

function changeOf(naming: Naming, id: number): BulkChange {
  switch (naming) {
    case "addTag": return { add_tags: [id] };
    case "removeTag": return { remove_tags: [id] };
    case "setType": return { type: id };
    case "setCorrespondent": return { correspondent: id };
  }
}

/** `onChange` makes the change with that name; what it throws is told. The keys for naming the open document are theirs. */
export function NamingButtons({ onChange }: { onChange: (change: BulkChange, naming: Naming | "setField", name: string) => Promise<void> }) {
  const [doing, setDoing] = useState<Naming | "setField" | "setDate" | null>(null);
  useLayoutEffect(() => bindKeys({
    editTags: () => setDoing("addTag"),
    editType: () => setDoing("setType"),
    editCorrespondent: () => setDoing("setCorrespondent"),
    editDate: () => setDoing("setDate"),
  }), []);
  const { bulk } = tLater();
  const text: Record<Naming, string> = { addTag: bulk.addTag, removeTag: bulk.removeTag, setType: bulk.setType, setCorrespondent: bulk.setCorrespondent };
  const pick = async (naming: Naming, { id, name }: Choice) => {
    setDoing(null);
    try {
      await onChange(changeOf(naming, id ?? (await ensureName(vocabularyOf[naming], name)).id), naming, name);
    } catch (error) {
      showToast(explain(error));
    }
  };
  return (
    <>
      {namings.map((naming) => <Button key={naming} compact {...(naming === "addTag" ? { icon: "tag" } : {})} onClick={() => setDoing(naming)}>{text[naming]}</Button>)}
      <Button compact onClick={() => setDoing("setDate")}>{bulk.setDate}</Button>
      <Button compact onClick={() => setDoing("setField")}>{bulk.setField}</Button>
      {doing === "setField" && <FieldDialog onClose={() => setDoing(null)} onSave={(change, value) => onChange(change, "setField", value)} />}
      {doing === "setDate" && <DateDialog onClose={() => setDoing(null)} onSave={(change, day) => onChange(change, "setField", day)} />}
      {doing !== null && doing !== "setField" && doing !== "setDate" && (
        <Dialog title={text[doing]} onClose={() => setDoing(null)}>
          <Picker label={text[doing]} value="" placeholder={t().panel.choose} canCreate={doing !== "removeTag"} find={findNames(vocabularyOf[doing])}
            onPick={(choice) => void pick(doing, choice)} />
        </Dialog>
      )}
    </>
  );
}

// What can be done with all picked documents at once. All of it is told, and can be taken back.
import { useLayoutEffect } from "preact/hooks";
import { explain } from "../../api/client";
import type { BulkChange } from "../../api/types";
import { Button, IconButton } from "../../components/controls";
import { later } from "../../components/later";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { bindKeys } from "../../keys";
import { listQuery, picked, pickAll, pickNone, pickWholeList, results } from "../../state/search";
import { mayEdit } from "../../state/session";
import { showToast } from "../../state/toasts";
import { trashChanges } from "../../state/trash";
import { changeAndTell } from "./change";
import { NamingButtons, type Naming } from "./naming";

const SelectionActions = later(async () => (await import("../records/selection_actions")).SelectionActions, null);

export function SelectionBar() {
  const documents = [...picked.value.values()];
  const ids = documents.map(({ id }) => id);
  const text = t().search;
  const total = results.value?.total ?? 0;

  const name = async (change: BulkChange, naming: Naming | "setField", called: string) => {
    const { bulk } = tLater();
    const told = { addTag: bulk.tagged, removeTag: bulk.untagged, setType: bulk.named, setCorrespondent: bulk.named, setField: called ? bulk.named : bulk.cleared }[naming];
    await changeAndTell(ids, change, (n, shown) => told(n, shown, called));
  };
  const trash = async () => {
    pickNone();
    const [only] = documents;
    try {
      await changeAndTell(ids, { trash: true }, (n) => (n === 1 && only ? t().trash.moved(only.title) : t().trash.movedMany(n)));
    } catch (error) {
      showToast(explain(error));
    }
    trashChanges.value += 1;
  };
  useLayoutEffect(() => (mayEdit.value ? bindKeys({ trash: () => void trash() }) : undefined));

  return (
    <div class="selection-bar" role="toolbar" aria-label={text.selected(documents.length)}>
      <span role="status">{text.selected(documents.length)}</span>
      <Button compact icon="check" onClick={pickAll}>{text.selectAll}</Button>
      {mayEdit.value && total > documents.length && !listQuery.value.like && (
        <Button compact onClick={pickWholeList}>{text.selectMatching(formatNumber(total))}</Button>
      )}
      {mayEdit.value && (
        <>
          <NamingButtons onChange={name} />
          <Button compact icon="trash" onClick={() => void trash()}>{text.toTrash}</Button>
          {documents.length > 1 && <a class="button compact" href={`/organise?${new URLSearchParams(documents.map(({ id }) => ["doc", String(id)])).toString()}`}>{text.putTogether}</a>}
        </>
      )}
      <SelectionActions documents={documents} />
      <IconButton icon="close" small label={text.clearSelection} onClick={pickNone} />
    </div>
  );
}

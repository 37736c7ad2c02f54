// What can be done with all picked documents at once.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { changeDocument, fetchDocument } from "../../api/documents";
import { ensureName } from "../../api/names";
import { Button, IconButton } from "../../components/controls";
import { Dialog } from "../../components/dialog";
import { later } from "../../components/later";
import { Picker, type Choice } from "../../components/picker";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { listQuery, picked, pickAll, pickNone, pickWholeList, refreshResults, results } from "../../state/search";
import { mayDeclare, mayEdit } from "../../state/session";
import { showToast } from "../../state/toasts";
import { moveToTrash } from "../../state/trash";
import { findNames } from "../panel/fields";

const SelectionActions = later(async () => (await import("../records/selection_actions")).SelectionActions, null);

export function SelectionBar() {
  const [tagging, setTagging] = useState(false);
  const documents = [...picked.value.values()];
  const text = t().search;
  const total = results.value?.total ?? 0;

  const addTag = async (chosen: Choice) => {
    setTagging(false);
    let done = 0;
    try {
      const tag = chosen.id ?? (await ensureName("tags", chosen.name)).id;
      for (const { id } of documents) {
        const { data } = await fetchDocument(id);
        const tags = data.tags.map((entry) => entry.id);
        if (!tags.includes(tag)) await changeDocument(data, { tags: [...tags, tag] });
        done += 1;
      }
    } catch (error) {
      showToast(explain(error));
    }
    if (done > 0) showToast(text.tagged(done, chosen.name));
    refreshResults(0);
  };
  const trash = () => {
    pickNone();
    void moveToTrash(documents);
  };

  return (
    <div class="selection-bar" role="toolbar" aria-label={text.selected(documents.length)}>
      <span role="status">{text.selected(documents.length)}</span>
      <Button compact icon="check" onClick={pickAll}>{text.selectAll}</Button>
      {mayEdit.value && total > documents.length && !listQuery.value.like && (
        <Button compact onClick={pickWholeList}>{text.selectMatching(formatNumber(total))}</Button>
      )}
      {mayEdit.value && (
        <>
          <Button compact icon="tag" onClick={() => setTagging(true)}>{text.addTag}</Button>
          <Button compact icon="trash" onClick={trash}>{text.toTrash}</Button>
          {documents.length > 1 && <a class="button compact" href={`/organise?${new URLSearchParams(documents.map(({ id }) => ["doc", String(id)])).toString()}`}>{text.putTogether}</a>}
        </>
      )}
      {mayDeclare.value && <SelectionActions documents={documents} />}
      <IconButton icon="close" small label={text.clearSelection} onClick={pickNone} />
      {tagging && (
        <Dialog title={text.addTag} onClose={() => setTagging(false)}>
          <Picker label={t().panel.addTag} value="" placeholder={t().panel.addTag} canCreate find={findNames("tags")} onPick={(tag) => void addTag(tag)} />
        </Dialog>
      )}
    </div>
  );
}

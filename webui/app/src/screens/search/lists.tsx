// Lists that are kept under a name, and the present one as a file.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { documentQuery } from "../../api/document_query";
import { setFollowed } from "../../api/notifications";
import { createSavedView, deleteSavedView, listSavedViews } from "../../api/saved_views";
import type { SavedView } from "../../api/types";
import { Button, Checkbox, IconButton, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { location } from "../../router";
import { listQuery } from "../../state/search";
import { mayEdit, mayManagePlan } from "../../state/session";
import { showToast } from "../../state/toasts";
import { listKey } from "./query";

export function Lists() {
  const views = useLoaded(listSavedViews);
  const [saving, setSaving] = useState(false);
  const text = tLater().lists;
  const bringBack = async ({ name, parameters, shared }: SavedView) => {
    await createSavedView({ name, parameters, shared });
    await views.reload();
  };
  const remove = async (view: SavedView) => {
    try {
      await deleteSavedView(view);
      showToast(text.deleted(view.name), view.own ? () => void bringBack(view) : undefined);
    } catch (error) {
      showToast(explain(error));
    }
    await views.reload();
  };
  const follow = async (view: SavedView) => {
    try {
      await setFollowed("saved-view", view.id, !view.followed);
    } catch (error) {
      showToast(explain(error));
    }
    await views.reload();
  };
  const present = listKey(location.value.query);
  return (
    <section class="facet" aria-label={text.title}>
      <h3>{text.title}</h3>
      {(views.data ?? []).map((view) => (
        <div key={view.id} class="facet-value">
          <a href={`/?${view.parameters}`} aria-current={listKey(new URLSearchParams(view.parameters)) === present ? "page" : undefined}
            title={view.shared ? text.sharedBy(view.owner.name) : undefined}>
            {view.shared && <Icon name="users" size={14} />} {view.name}
          </a>
          <IconButton icon="bell" small label={text.follow(view.name)} aria-pressed={view.followed} onClick={() => void follow(view)} />
          {(view.own || mayManagePlan.value) && <IconButton icon="close" small label={text.remove(view.name)} onClick={() => void remove(view)} />}
        </div>
      ))}
      {!listQuery.value.like && (
        <div class="actions">
          <Button compact icon="plus" onClick={() => setSaving(true)}>{text.save}</Button>
          <a class="button compact" href={csvAddress()} download><Icon name="download" size={16} />{text.csv}</a>
        </div>
      )}
      {saving && <SaveDialog onClose={() => setSaving(false)} onSaved={views.reload} />}
    </section>
  );
}

function SaveDialog({ onClose, onSaved }: { onClose: () => void; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(listQuery.value.q);
  const [shared, setShared] = useState(false);
  const text = tLater().lists;
  const save = async () => {
    await createSavedView({ name, shared, parameters: listParameters() });
    await onSaved();
  };
  return (
    <FormDialog title={text.save} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.name} name="name" required error={problem("name")} value={name} onInput={setName} />
          {mayEdit.value && <Checkbox label={text.share} checked={shared} onChange={setShared} />}
        </>
      )}
    </FormDialog>
  );
}

/** The address of the list, without what is open beside it. */
function listParameters(): string {
  const query = new URLSearchParams(location.value.query);
  for (const name of ["doc", "p"]) query.delete(name);
  return query.toString();
}

function csvAddress(): string {
  const query = documentQuery(listQuery.value);
  for (const name of ["facets", "limit"]) query.delete(name);
  return `/api/v1/documents.csv?${query.toString()}`;
}

// Lists that are kept under a name, and the present one as a file.
import { useEffect, useState } from "preact/hooks";
import { explain } from "../../api/client";
import { countDocuments } from "../../api/documents";
import { documentQuery } from "../../api/document_query";
import { setFollowed } from "../../api/notifications";
import { changeSavedView, createSavedView, deleteSavedView, listSavedViews } from "../../api/saved_views";
import type { SavedView } from "../../api/types";
import { Button, Checkbox, IconButton, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Icon } from "../../components/icon";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { location } from "../../router";
import { listQuery, results } from "../../state/search";
import { mayEdit, mayManagePlan } from "../../state/session";
import { showToast } from "../../state/toasts";
import { listKey } from "./query";

let opened = 0; // the list that was opened last: what is changed of it may be kept

export function Lists() {
  const views = useLoaded(listSavedViews);
  const [saving, setSaving] = useState(false);
  const [editing, setEditing] = useState<SavedView | null>(null);
  const text = tLater().lists;
  const bringBack = async ({ name, parameters, shared }: SavedView) => {
    await createSavedView({ name, parameters, shared }).finally(views.reload);
  };
  const remove = async (view: SavedView) => {
    try {
      await deleteSavedView(view);
      showToast(text.deleted(view.name), view.own ? () => bringBack(view) : undefined);
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
  const change = async (view: SavedView, to: Partial<Pick<SavedView, "name" | "parameters" | "shared">>) => {
    const { name, parameters, shared } = view;
    const changed = await changeSavedView(view, to);
    showToast(text.changed(changed.name), async () => { await changeSavedView(changed, { name, parameters, shared }).finally(views.reload); });
    await views.reload();
  };
  const attempt = async (action: () => Promise<unknown>) => {
    await action().catch((error: unknown) => showToast(explain(error)));
    await views.reload();
  };
  const counts = useCounts(views.data ?? []);
  const present = listKey(location.value.query);
  const isPresent = (view: SavedView) => listKey(new URLSearchParams(view.parameters)) === present;
  opened = views.data?.find(isPresent)?.id ?? (listParameters() === "" ? 0 : opened);
  const changing = views.data?.find((view) => view.id === opened && view.own && !isPresent(view));
  return (
    <section class="facet" aria-label={text.title}>
      <h3>{text.title}</h3>
      {(views.data ?? []).map((view) => (
        <div key={view.id} class="facet-value">
          <span>
            <a href={`/?${view.parameters}`} aria-current={isPresent(view) ? "page" : undefined}
              title={view.shared ? text.sharedBy(view.owner.name) : undefined}>
              {view.shared && <Icon name="users" size={14} />} {view.name}
            </a>{" "}
            <Count of={counts.get(view.id)} />
          </span>
          <IconButton icon="bell" small label={text.follow(view.name)} aria-pressed={view.followed} onClick={() => void follow(view)} />
          {view.own && <IconButton icon="edit" small label={text.change(view.name)} onClick={() => setEditing(view)} />}
          {(view.own || mayManagePlan.value) && <IconButton icon="close" small label={text.remove(view.name)} onClick={() => void remove(view)} />}
        </div>
      ))}
      {!listQuery.value.like && (
        <div class="actions">
          {changing && <Button compact icon="check" onClick={() => void attempt(() => change(changing, { parameters: listParameters() }))}>{text.keepChanged(changing.name)}</Button>}
          <Button compact icon="plus" onClick={() => setSaving(true)}>{text.save}</Button>
          <a class="button compact" href={csvAddress()} download><Icon name="download" size={16} />{text.csv}</a>
        </div>
      )}
      {saving && (
        <ListDialog title={text.save} name={listQuery.value.q} shared={false} onClose={() => setSaving(false)}
          onSave={async (name, shared) => { await createSavedView({ name, shared, parameters: listParameters() }); await views.reload(); }} />
      )}
      {editing && (
        <ListDialog title={text.change(editing.name)} name={editing.name} shared={editing.shared} onClose={() => setEditing(null)}
          onSave={(name, shared) => change(editing, { name, shared })} />
      )}
    </section>
  );
}

type Counted = Awaited<ReturnType<typeof countDocuments>>;

function Count({ of: counted }: { of: Counted | undefined }) {
  if (!counted) return null;
  const number = formatNumber(counted.total);
  return counted.total_exact ? <span class="count">{number}</span> : <span class="count" title={t().search.about(number)}>≈ {number}</span>;
}

const mostCounted = 12;

/** How many documents each of the first lists holds, asked for one after the other, anew whenever the list that is shown was. A list
 *  of what is like a document has no such number. */
function useCounts(views: readonly SavedView[]): ReadonlyMap<number, Counted> {
  const [counts, setCounts] = useState<ReadonlyMap<number, Counted>>(new Map());
  const counted = views.slice(0, mostCounted).map(({ id, parameters }) => ({ id, query: new URLSearchParams(parameters) })).filter(({ query }) => !query.has("like"));
  const answer = results.value?.query_echo; // another with each answer, not with each row that changes or is added
  useEffect(() => {
    if (!answer) return undefined;
    const controller = new AbortController();
    const count = async () => {
      for (const { id, query } of counted) {
        const found = await countDocuments(query, controller.signal);
        setCounts((known) => new Map(known).set(id, found));
      }
    };
    count().catch(() => undefined); // the lists lead on without
    return () => controller.abort();
  }, [answer, views.map(({ id, parameters }) => `${id} ${parameters}`).join()]);
  return counts;
}

function ListDialog({ title, onClose, onSave, ...before }: {
  title: string;
  name: string;
  shared: boolean;
  onClose: () => void;
  onSave: (name: string, shared: boolean) => Promise<void>;
}) {
  const [name, setName] = useState(before.name);
  const [shared, setShared] = useState(before.shared);
  const text = tLater().lists;
  return (
    <FormDialog title={title} onClose={onClose} onSave={() => onSave(name, shared)}>
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

/** Of all that match, as a file. */
export function csvAddress(): string {
  const query = documentQuery(listQuery.value);
  for (const name of ["facets", "limit"]) query.delete(name);
  return `/api/v1/documents.csv?${query.toString()}`;
}

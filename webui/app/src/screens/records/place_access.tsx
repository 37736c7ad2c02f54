// Who may see what is in a class or folder: the access list that it has of its own, or none.
import { useState } from "preact/hooks";
import { countDocuments } from "../../api/documents";
import { fetchClass, fetchFolder, setClassAccess, setFolderAccess } from "../../api/file_plan";
import type { Class, Folder, Named } from "../../api/types";
import { AccessListField } from "../../components/choosers";
import { Banner } from "../../components/controls";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { mayManageAccess } from "../../state/session";
import { showToast } from "../../state/toasts";
import { planChanges } from "./plan_tree";

type Place = Pick<Class | Folder, "access_list">;

export interface PlaceAccess {
  before: Named | null;
  chosen: Named | null; // null: what is above decides
  changed: boolean;
  choose: (list: Named | null) => void;
}

/** The list of a place that is being changed, or of one yet to be made. */
export function usePlaceAccess(place: Place | null): PlaceAccess {
  const own = place && !place.access_list.inherited ? { id: place.access_list.id, name: place.access_list.name } : null;
  const [chosen, choose] = useState<Named | null>(own);
  return { before: own, chosen, changed: chosen?.id !== own?.id, choose };
}

/** For those who manage access. `filter` narrows the list to what is in the place; null while it is yet to be made. */
export function PlaceAccessField({ access, filter, error }: { access: PlaceAccess; filter: Record<string, string> | null; error: string | undefined }) {
  const text = tLater().sight;
  if (!mayManageAccess.value) return null;
  return (
    <>
      <AccessListField label={text.accessList} placeholder={text.asAbove} value={access.chosen} error={error} onPick={access.choose} />
      {access.changed && filter !== null && <Reached filter={filter} />}
    </>
  );
}

/** How many documents a change of the list may reach. */
function Reached({ filter }: { filter: Record<string, string> }) {
  const count = useLoaded(() => countDocuments(new URLSearchParams(filter), new AbortController().signal));
  const total = count.data?.total;
  return total === undefined ? null : <Banner kind="warn">{tLater().sight.reaches(total, formatNumber(total))}</Banner>;
}

export async function changeClassAccess(place: Class, access: PlaceAccess): Promise<Class> {
  const changed = await setClassAccess(place, access.chosen?.id ?? null);
  tell(`${place.code} ${place.title}`, async () => { await setClassAccess(await fetchClass(place.id), access.before?.id ?? null); });
  return changed;
}

export async function changeFolderAccess(place: Folder, access: PlaceAccess): Promise<Folder> {
  const changed = await setFolderAccess(place, access.chosen?.id ?? null);
  tell(place.title, async () => { await setFolderAccess(await fetchFolder(place.id), access.before?.id ?? null); });
  return changed;
}

function tell(name: string, takeBack: () => Promise<void>): void {
  const undo = async () => {
    await takeBack();
    planChanges.value += 1;
    showToast(tLater().sight.accessAsBefore(name));
  };
  showToast(tLater().sight.accessChanged(name), undo);
}

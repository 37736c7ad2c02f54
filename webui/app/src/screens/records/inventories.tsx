import { useState } from "preact/hooks";
import { inventoriesFrom, startInventory } from "../../api/paper";
import type { Named } from "../../api/types";
import { Button, EmptyState } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { navigate } from "../../router";
import { TableHead, TableRegion } from "./parts";
import { PlaceField } from "./place_dialogs";

export function Inventories() {
  const inventories = useParts(inventoriesFrom, "");
  const [making, setMaking] = useState(false);
  const text = tLater().paper;
  return (
    <>
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setMaking(true)}>{text.newInventory}</Button><AsCsv path="/inventories" /></div>
      <MoreParts of={inventories}>
        {(all) => all.length === 0 ? <EmptyState icon="list" title={text.noInventories}>{text.noInventoriesHelp}</EmptyState> : (
          <TableRegion label={text.parts.inventory}>
            <TableHead columns={[text.place, text.started, tLater().records.state]} />
            <tbody>
              {all.map(({ id, location, started_at: started, started_by: by, finished_at: finished, scanned }) => (
                <tr key={id}>
                  <td><a href={`/records/paper/inventory/${id}`}>{location.path}</a></td>
                  <td>{formatDate(started)} · {by}</td>
                  <td>{finished ? `${text.finished} ${formatDate(finished)}` : text.underWay} · {text.scanned(scanned)}</td>
                </tr>
              ))}
            </tbody>
          </TableRegion>
        )}
      </MoreParts>
      {making && <NewInventory onClose={() => setMaking(false)} />}
    </>
  );
}

function NewInventory({ onClose }: { onClose: () => void }) {
  const [place, setPlace] = useState<Named | null>(null);
  const save = async () => navigate(`/records/paper/inventory/${(await startInventory(place?.id ?? 0)).id}`);
  return (
    <FormDialog title={tLater().paper.newInventory} action={tLater().paper.newInventory} onClose={onClose} onSave={save}>
      {(problem) => <PlaceField label={tLater().paper.place} value={place} error={problem("location")} onPick={setPlace} required />}
    </FormDialog>
  );
}

// Paper of records that a batch has disposed of, and of what was in the trash: to be fetched, destroyed, and confirmed to be.
import { useState } from "preact/hooks";
import { confirmDestroyed, paperToDestroyFrom } from "../../api/paper";
import { Button, EmptyState, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { MoreParts } from "../../components/more_parts";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { formatDate } from "../../i18n/format";
import { TableHead, TableRegion } from "./parts";
import { ScanRule } from "./scan_checks";
import { useDayFromToday } from "./use_day";

export function PaperEnd() {
  const papers = useParts(paperToDestroyFrom, "");
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [confirming, setConfirming] = useState(false);
  const text = tLater().paper;
  const toggle = (id: number, on: boolean) => setChosen(on ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <>
      <ScanRule />
      <MoreParts of={papers}>
        {(all) => all.length === 0 ? <EmptyState icon="records" title={text.nothingToDestroy}>{text.nothingToDestroyHelp}</EmptyState> : (
          <>
            <TableRegion label={text.parts.destroy}>
              <TableHead columns={["", text.title, text.barcode, text.current, tLater().records.batch, tLater().records.state]} />
              <tbody>
                {all.map(({ id, title, barcode, current, batch, restorable_until: until, on_hold: held, now, transferred_to: receiver }) => (
                  <tr key={id}>
                    <td><input type="checkbox" aria-label={title} disabled={!now} checked={chosen.includes(id)} onChange={(event) => toggle(id, event.currentTarget.checked)} /></td>
                    <td>{title}</td>
                    <td>{barcode}</td>
                    <td>{current?.path ?? text.nowhere}</td>
                    <td>{batch === null ? text.inTrash : <a href={`/records/disposition/${batch}`}>{batch}</a>}</td>
                    <td>{held ? text.held : now || until === null ? text.now : text.afterDay(formatDate(until))}{receiver && <div class="small">{tLater().tombstones.handOver(receiver)}</div>}</td>
                  </tr>
                ))}
              </tbody>
            </TableRegion>
            <div class="button-row"><Button kind="primary" disabled={chosen.length === 0} onClick={() => setConfirming(true)}>{text.confirmDestroyed(chosen.length)}</Button></div>
            {confirming && (
              <DestroyedDialog title={text.confirmDestroyed(chosen.length)} onClose={() => setConfirming(false)} onSave={async (on, method) => {
                await confirmDestroyed([...chosen], on, method);
                setChosen([]);
                await papers.reload();
              }} />
            )}
          </>
        )}
      </MoreParts>
    </>
  );
}

/** Asks when and how the paper was destroyed. */
export function DestroyedDialog({ title, onSave, onClose }: { title: string; onSave: (on: string, method: string) => Promise<void>; onClose: () => void }) {
  const [on, setOn] = useDayFromToday(0);
  const [method, setMethod] = useState("");
  const text = tLater().paper;
  return (
    <FormDialog title={title} action={text.confirm} onClose={onClose} onSave={() => onSave(on, method.trim())} unready={on === ""}>
      {(problem) => (
        <>
          <TextField label={text.destroyedOn} name="destroyed_on" type="date" required error={problem("destroyed_on")} value={on} onInput={setOn} />
          <TextField label={text.method} name="method" required hint={text.methodHint} error={problem("method")} value={method} onInput={setMethod} />
        </>
      )}
    </FormDialog>
  );
}

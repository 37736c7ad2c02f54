// What is due, why, and the batches in which it is disposed of.
import { useEffect, useState } from "preact/hooks";
import { batchesFrom } from "../../api/disposition";
import { findAnyClass, placeOf } from "../../api/file_plan";
import type { Batch, Named } from "../../api/types";
import { Chooser } from "../../components/choosers";
import { Checkbox, Select } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { MoreParts } from "../../components/more_parts";
import { useParts } from "../../components/use_parts";
import { tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { location, setQuery } from "../../router";
import { mayPropose } from "../../state/session";
import { DueList, dueActions } from "./due_list";
import { TableHead, TableRegion } from "./parts";

export function Disposition() {
  const batches = useParts(batchesFrom, "");
  const text = tLater().records;
  return (
    <>
      {mayPropose.value && <Due />}
      <section class="stack">
        <div class="button-row"><h2 class="grow">{text.batches}</h2><AsCsv path="/dispositions" /></div>
        <MoreParts of={batches}>{(all) => (all.length === 0 ? <p class="muted">{text.noBatches}</p> : <BatchTable batches={all} />)}</MoreParts>
      </section>
    </>
  );
}

function Due() {
  const action = dueActions.find((each) => each === location.value.query.get("action")) ?? "";
  const overdue = location.value.query.get("overdue") === "true";
  const { inClass, setInClass } = useChosenClass();
  const text = tLater().records;
  return (
    <section class="stack">
      <h2>{text.due}</h2>
      <div class="columns">
        <Select label={text.action} value={action} onChange={(chosen) => setQuery({ action: chosen }, true)}
          options={[{ value: "", label: tLater().standings.allActions }, ...dueActions.map((value) => ({ value, label: text.actions[value] }))]} />
        <Chooser label={text.inClass} placeholder={text.allClasses} value={inClass} find={findAnyClass} onPick={setInClass} />
      </div>
      <Checkbox label={tLater().standings.onlyOverdue} checked={overdue} onChange={(on) => setQuery({ overdue: on ? "true" : "" }, true)} />
      <DueList key={`${action} ${inClass?.id} ${overdue}`} action={action} inClass={inClass?.id ?? null} overdue={overdue} />
    </section>
  );
}

/** The class in the address, so that the way back leads to it. */
function useChosenClass() {
  const id = Number(location.value.query.get("class")) || 0;
  const [named, setNamed] = useState<Named>({ id: 0, name: "" });
  useEffect(() => {
    if (id !== 0 && id !== named.id) void placeOf("class", id).then(({ name }) => setNamed({ id, name }), () => setNamed({ id, name: `#${id}` }));
  }, [id]);
  const setInClass = (chosen: Named | null) => {
    setNamed(chosen ?? { id: 0, name: "" });
    setQuery({ class: chosen && String(chosen.id) }, true);
  };
  const inClass: Named | null = id === 0 ? null : named.id === id ? named : { id, name: "" };
  return { inClass, setInClass };
}

function BatchTable({ batches }: { batches: readonly Batch[] }) {
  const text = tLater().records;
  return (
    <TableRegion label={text.batches}>
      <TableHead columns={[text.batch, text.action, text.state, text.records, text.proposed]} />
      <tbody>
        {batches.map((batch) => (
          <tr key={batch.id}>
            <td><a href={`/records/disposition/${batch.id}`}>{batch.title}</a></td>
            <td>{text.actions[batch.action]}</td>
            <td><BatchState state={batch.state} /></td>
            <td>{formatNumber(batch.records)}</td>
            <td class="nowrap">{formatDate(batch.proposed_at)}{batch.proposed_by && ` · ${batch.proposed_by.name}`}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

export function BatchState({ state }: { state: Batch["state"] }) {
  const kinds = { proposed: "accent", approved: "accent", rejected: "", withdrawn: "", executing: "warn", executed: "ok" };
  return <span class={`badge ${kinds[state]}`}>{tLater().records.states[state]}</span>;
}

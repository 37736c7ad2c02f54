import { useState } from "preact/hooks";
import { holdsFrom } from "../../api/records";
import { Button, Checkbox, EmptyState } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { Icon } from "../../components/icon";
import { foundPath, PartsList, useFoundParts } from "../../components/parts_list";
import { tLater } from "../../i18n";
import { formatDate, formatNumber } from "../../i18n/format";
import { location, navigate, setQuery } from "../../router";
import { HoldDialog } from "./hold_dialogs";

export function Holds() {
  const released = location.value.query.get("released") === "true";
  const [making, setMaking] = useState(false);
  const text = tLater().records;
  return (
    <>
      <div class="button-row">
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>{text.newHold}</Button>
        <Checkbox label={text.withReleased} checked={released} onChange={(on) => setQuery({ released: on ? "true" : null }, true)} />
      </div>
      <HoldCards key={String(released)} released={released} />
      {making && <HoldDialog hold={null} onClose={() => setMaking(false)} onSaved={(id) => navigate(`/records/holds/${id}`)} />}
    </>
  );
}

function HoldCards({ released }: { released: boolean }) {
  const holds = useFoundParts((part, cursor) => holdsFrom(part, released, cursor));
  const text = tLater().records;
  return (
    <>
      <div class="button-row"><AsCsv path={foundPath(`/holds?released=${String(released)}`, holds)} /></div>
      <PartsList of={holds}>
        {(all) => all.length === 0 ? <EmptyState icon="hold" title={text.noHolds}>{text.holdHelp}</EmptyState> : (
          <ul class="cards">
            {all.map((hold) => (
              <li key={hold.id} class="card">
                <span class="hold-mark"><Icon name="hold" size={24} /></span>
                <div>
                  <a class="name" href={`/records/holds/${hold.id}`}>{hold.title}</a> {hold.released_at && <span class="badge">{text.released}</span>}{" "}
                  {hold.confidential && <span class="badge">{text.confidential}</span>}
                  <p>{hold.reason}</p>
                  <p class="muted small">
                    {text.heldNow(hold.held, formatNumber(hold.held))} · {text.placed} {formatDate(hold.placed_at)}{hold.placed_by && ` · ${hold.placed_by.name}`}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </PartsList>
    </>
  );
}

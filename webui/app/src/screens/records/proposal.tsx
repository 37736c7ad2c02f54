// Proposing a batch: what it is called, why, and how many others approve it.
import { useState } from "preact/hooks";
import { proposeBatch } from "../../api/disposition";
import { findSchedules } from "../../api/file_plan";
import { fetchLimits } from "../../api/limits";
import type { Batch, Named } from "../../api/types";
import { Chooser } from "../../components/choosers";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { navigate } from "../../router";
import { ReasonField } from "./parts";

/** Some records, or all that are due and free (`allFree`: how many), in one class and below it or everywhere. */
export type Proposed = { action: Batch["action"] } & ({ documents: number[] } | { allFree: number; inClass: number | null });

export function Proposal({ of: proposed, onClose, onProposed }: { of: Proposed; onClose: () => void; onProposed: () => void }) {
  const limits = useLoaded(fetchLimits);
  return (
    <Content of={limits}>
      {({ disposition_approvals: least }) => <ProposalForm proposed={proposed} least={least} onClose={onClose} onProposed={onProposed} />}
    </Content>
  );
}

function ProposalForm({ proposed, least, onClose, onProposed }: { proposed: Proposed; least: 1 | 2; onClose: () => void; onProposed: () => void }) {
  const [title, setTitle] = useState("");
  const [reason, setReason] = useState("");
  const [approvals, setApprovals] = useState<1 | 2>(least);
  const [copies, setCopies] = useState<Named | null>(null); // the schedule by which copies are kept after a transfer
  const text = tLater().records;
  const count = "documents" in proposed ? proposed.documents.length : proposed.allFree;
  const save = async () => {
    const what = "documents" in proposed ? { documents: proposed.documents } : { all_free: { class: proposed.inClass } };
    const batch = await proposeBatch({ title, action: proposed.action, reason, approvals_needed: approvals, copy_schedule: copies?.id ?? null, ...what });
    onProposed();
    navigate(`/records/disposition/${batch.id}`);
  };
  return (
    <FormDialog title={text.proposal(text.actions[proposed.action], count)} action={text.proposeIt} onClose={onClose} onSave={save}>
      {(problem) => (
        <>
          <TextField label={text.batchName} name="title" required error={problem("title")} value={title} onInput={setTitle} />
          <ReasonField value={reason} onInput={setReason} error={problem("reason")} />
          {proposed.action === "transfer" && (
            <>
              <Chooser label={text.afterReceipt} placeholder={text.goAfterReceipt} value={copies && { ...copies, name: text.stayAsCopies(copies.name) }} error={problem("copy_schedule")}
                find={(part, signal) => findSchedules(part, signal, ({ terms }) => terms.action !== "transfer")} onPick={setCopies} />
              {copies !== null && <div class="muted small">{text.afterReceiptHint}</div>}
            </>
          )}
          <Select label={text.approvalsNeeded} value={String(approvals)} onChange={(chosen) => setApprovals(chosen === "2" ? 2 : 1)} error={problem("approvals_needed")}
            options={(["1", "2"] as const).filter((value) => Number(value) >= least).map((value) => ({ value, label: value }))} />
        </>
      )}
    </FormDialog>
  );
}

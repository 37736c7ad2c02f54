// Proposing a batch: what it is called, why, and how many others approve it.
import { useState } from "preact/hooks";
import { proposeBatch } from "../../api/disposition";
import { allSchedules } from "../../api/file_plan";
import { fetchLimits } from "../../api/limits";
import type { Batch, Schedule } from "../../api/types";
import { Select, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { navigate } from "../../router";
import { ReasonField } from "./parts";

/** Some records, or all that are due and free (`allFree`: how many), in one class and below it or everywhere. */
export type Proposed = { action: Batch["action"] } & ({ documents: number[] } | { allFree: number; inClass: number | null });

export function Proposal({ of: proposed, onClose }: { of: Proposed; onClose: () => void }) {
  const loaded = useLoaded(async () => ({ limits: await fetchLimits(), schedules: proposed.action === "transfer" ? await allSchedules() : [] }));
  return (
    <Content of={loaded}>
      {({ limits, schedules }) => (
        <ProposalForm proposed={proposed} least={limits.disposition_approvals} keeping={schedules.filter(({ status, terms }) => status === "open" && terms.action !== "transfer")} onClose={onClose} />
      )}
    </Content>
  );
}

/** `keeping`: the schedules by which copies can be kept after a transfer. */
function ProposalForm({ proposed, least, keeping, onClose }: { proposed: Proposed; least: 1 | 2; keeping: readonly Schedule[]; onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [reason, setReason] = useState("");
  const [approvals, setApprovals] = useState<1 | 2>(least);
  const [copies, setCopies] = useState<number | null>(null);
  const text = tLater().records;
  const count = "documents" in proposed ? proposed.documents.length : proposed.allFree;
  const save = async () => {
    const what = "documents" in proposed ? { documents: proposed.documents } : { all_free: { class: proposed.inClass } };
    const batch = await proposeBatch({ title, action: proposed.action, reason, approvals_needed: approvals, copy_schedule: copies, ...what });
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
              <Select label={text.afterReceipt} value={copies === null ? "" : String(copies)} onChange={(id) => setCopies(id ? Number(id) : null)} error={problem("copy_schedule")}
                options={[{ value: "", label: text.goAfterReceipt }, ...keeping.map(({ id, code, terms }) => ({ value: String(id), label: text.stayAsCopies(`${code} ${terms.title}`) }))]} />
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

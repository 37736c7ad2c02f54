// Workflows: what is done by itself, what that came to, and what it would come to.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import type { NewWorkflow, Workflow, WorkflowRun } from "../../api/types";
import { createWorkflow, deleteWorkflow, endRun, listRuns, listWorkflows, tryWorkflow } from "../../api/workflows";
import { Button, EmptyState } from "../../components/controls";
import { deleteWithUndo } from "../../components/delete_with_undo";
import { ConfirmDialog, Dialog } from "../../components/dialog";
import { AsCsv } from "../../components/download";
import { Icon } from "../../components/icon";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatNumber, formatTime } from "../../i18n/format";
import { session } from "../../state/session";
import { showToast } from "../../state/toasts";
import { newAction, WorkflowDialog } from "./workflow_dialog";

export function Workflows() {
  const loaded = useLoaded(listWorkflows, true);
  const [editing, setEditing] = useState<Workflow | "new" | null>(null);
  const [deleting, setDeleting] = useState<Workflow | null>(null);
  const [trying, setTrying] = useState<Workflow | null>(null);
  const [showing, setShowing] = useState<Workflow | null>(null);
  const text = tLater().workflows;
  // Only who it acts for can make it again as it was, and nobody a secret that is never told.
  const mayComeBack = (workflow: Workflow) => workflow.owner.id === session.value?.account.id && !workflow.has_secret;
  const removeWithUndo = (workflow: Workflow) => deleteWithUndo(workflow, workflow.name, () => deleteWorkflow(workflow), () => createWorkflow(termsOf(workflow)), loaded.reload);
  const remove = async (workflow: Workflow) => {
    try {
      await deleteWorkflow(workflow);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <>
      <p class="muted">{text.lead}</p>
      <div class="button-row"><Button kind="primary" icon="plus" onClick={() => setEditing("new")}>{text.newWorkflow}</Button><AsCsv path="/workflows" /></div>
      <Content of={loaded}>
        {(workflows) => (workflows.length === 0 ? <EmptyState icon="activity" title={text.noWorkflows} /> : (
          <ul class="cards">
            {workflows.map((workflow) => (
              <li key={workflow.id} class="card">
                <span class="muted"><Icon name="activity" size={24} /></span>
                <div>
                  <div class="name">{workflow.name}</div>
                  <p class="muted small">{inWords(workflow)}</p>
                  <p class="muted small">{[...(workflow.enabled ? [] : [text.off]), text.actsFor(workflow.owner.name), ...(workflow.rests_because ? [text.ownerDisabled] : [])].join(" · ")}</p>
                </div>
                <div class="actions">
                  <Button compact icon="search" aria-label={`${text.tryIt} ${workflow.name}`} onClick={() => setTrying(workflow)}>{text.tryIt}</Button>
                  <Button compact icon="activity" aria-label={`${text.showLog} ${workflow.name}`} onClick={() => setShowing(workflow)}>{text.showLog}</Button>
                  <Button compact icon="edit" aria-label={`${t().common.edit} ${workflow.name}`} onClick={() => setEditing(workflow)}>{t().common.edit}</Button>
                  <Button compact icon="trash" aria-label={`${tLater().admin.delete} ${workflow.name}`} onClick={() => (mayComeBack(workflow) ? void removeWithUndo(workflow) : setDeleting(workflow))}>{tLater().admin.delete}</Button>
                </div>
              </li>
            ))}
          </ul>
        ))}
      </Content>
      {editing !== null && <WorkflowDialog workflow={editing === "new" ? null : editing} onClose={() => setEditing(null)} onSaved={loaded.reload} />}
      {trying && <Trial workflow={trying} onClose={() => setTrying(null)} />}
      {showing && <Log workflow={showing} onClose={() => setShowing(null)} />}
      {deleting && (
        <ConfirmDialog title={text.deleteWorkflow} confirm={tLater().admin.delete} onClose={() => setDeleting(null)} onConfirm={() => void remove(deleting)}>
          {text.deleteHelp}
        </ConfirmDialog>
      )}
    </>
  );
}

/** "A document has arrived and is read (rent): Set what is known of it, Send a mail". */
function inWords({ occasion, query, actions }: Workflow): string {
  const text = tLater().workflows;
  return `${text.occasions[occasion]}${query ? ` (${query})` : ""}: ${actions.map((action) => text.kinds[action.kind]).join(", ")}`;
}

function termsOf({ name, enabled, occasion, date_of, date_field, days_after, query, actions }: Workflow): NewWorkflow {
  return { name, enabled, occasion, date_of, date_field, days_after, query, actions: actions.map(newAction) };
}

function Trial({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const loaded = useLoaded(() => tryWorkflow(termsOf(workflow)));
  const text = tLater().workflows;
  return (
    <Dialog title={text.tryTitle(workflow.name)} onClose={onClose} footer={<Button onClick={onClose}>{t().common.close}</Button>}>
      <Content of={loaded}>
        {(trial) => (
          <>
            <p>{text.tryFound(formatNumber(trial.total))}</p>
            <ul class="cards">
              {trial.documents.map((document) => (
                <li key={document.id}>
                  <div class="name">{document.title}</div>
                  {document.steps.map((step, index) => (
                    <p key={index} class="muted small">{[text.kinds[step.kind], step.outcome === "failed" ? text.outcomes.failed : "", step.message].filter(Boolean).join(" · ")}</p>
                  ))}
                </li>
              ))}
            </ul>
          </>
        )}
      </Content>
    </Dialog>
  );
}

function Log({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const loaded = useLoaded(() => listRuns(workflow));
  const text = tLater().workflows;
  const end = async (run: WorkflowRun) => {
    try {
      await endRun(run);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <Dialog title={text.logTitle(workflow.name)} onClose={onClose} footer={<Button onClick={onClose}>{t().common.close}</Button>}>
      <Content of={loaded}>
        {(runs) => (runs.length === 0 ? <p>{text.noRuns}</p> : (
          <ul class="cards">
            {runs.map((run) => (
              <li key={run.id}>
                <div class="name">{run.document.name}</div>
                <p>
                  {text.runStates[run.state]}
                  {run.ended_at === null && <> <Button compact aria-label={`${text.endRun} ${run.document.name}`} onClick={() => void end(run)}>{text.endRun}</Button></>}
                </p>
                {run.log.map((step, index) => (
                  <p key={index} class="muted small">{[formatTime(step.at), text.kinds[step.kind], text.outcomes[step.outcome], step.message].filter(Boolean).join(" · ")}</p>
                ))}
              </li>
            ))}
          </ul>
        ))}
      </Content>
    </Dialog>
  );
}

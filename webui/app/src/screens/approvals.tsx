// What waits for the approval of whoever is signed in.
import { explain } from "../api/client";
import type { WorkflowRun } from "../api/types";
import { decideApproval, listApprovals } from "../api/workflows";
import { Button } from "../components/controls";
import { Content } from "../components/screen";
import { useLoaded } from "../components/use_loaded";
import { tLater } from "../i18n";
import { formatAgo } from "../i18n/format";
import { showToast } from "../state/toasts";

export function Approvals() {
  const loaded = useLoaded(listApprovals, true);
  const text = tLater().workflows;
  const decide = async (run: WorkflowRun, approve: boolean) => {
    try {
      await decideApproval(run, approve);
      showToast(approve ? text.approved : text.refused);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <Content of={loaded}>
      {(runs) => runs.length > 0 && (
        <section>
          <h2 class="section-title">{text.approvals}</h2>
          <ul class="cards">
            {runs.map((run) => (
              <li key={run.id} class="card">
                <div>
                  <a class="name" href={`/?doc=${run.document.id}`}>{run.document.name}</a>
                  <p class="muted small">{run.workflow.name} · {formatAgo(run.started_at)}</p>
                </div>
                <div class="actions">
                  <Button compact kind="primary" aria-label={`${text.approve} ${run.document.name}`} onClick={() => void decide(run, true)}>{text.approve}</Button>
                  <Button compact aria-label={`${text.refuse} ${run.document.name}`} onClick={() => void decide(run, false)}>{text.refuse}</Button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Content>
  );
}

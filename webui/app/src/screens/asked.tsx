// What is asked of whoever is signed in: approvals, holds to acknowledge, paper on loan. For everybody, whatever the role.
import { batchesToApprove } from "../api/asked";
import { explain } from "../api/client";
import { ownLoans } from "../api/paper";
import { acknowledgeHold, myHolds } from "../api/records";
import type { WorkflowRun } from "../api/types";
import { decideApproval, listApprovals } from "../api/workflows";
import { Banner, Button } from "../components/controls";
import { Content } from "../components/screen";
import { useLoaded, type Loaded } from "../components/use_loaded";
import { useUnread } from "../components/use_unread";
import { tLater } from "../i18n";
import { formatAgo, formatDate } from "../i18n/format";
import { approver, refreshUnread } from "../state/notifications";
import { showToast } from "../state/toasts";

export function AskedOfYou() {
  return (
    <div class="stack">
      <Holds />
      <Paper />
      <Approvals />
      <Batches />
    </div>
  );
}

/** Kept fresh by the count of what is asked: of most of it there are no other news. */
function useAsked<T>(load: () => Promise<T>, live = false): Loaded<T> {
  const loaded = useLoaded(load, live);
  useUnread(() => void loaded.reload());
  return loaded;
}

function Holds() {
  const holds = useAsked(myHolds);
  const text = tLater().records;
  const acknowledge = async (id: number) => {
    try {
      await acknowledgeHold(id);
      showToast(text.acknowledged);
    } catch (error) {
      showToast(explain(error));
    }
    await Promise.all([holds.reload(), refreshUnread()]);
  };
  return (
    <>
      {holds.data?.map((hold) => (
        <Banner key={hold.id} kind="warn" icon="hold">
          <strong>{hold.title}</strong>: {hold.reason}. {text.acknowledgeHelp}{" "}
          <Button compact aria-label={`${text.acknowledge} ${hold.title}`} onClick={() => void acknowledge(hold.id)}>{text.acknowledge}</Button>
        </Banner>
      ))}
    </>
  );
}

function Paper() {
  const own = useAsked(ownLoans);
  const text = tLater().paper;
  const link = (document: number) => `/?doc=${document}&tab=paper`;
  return (
    <>
      {own.data?.reservations.filter(({ available_at: since }) => since !== null).map(({ id, document }) => (
        <Banner key={id} kind="ok"><a href={link(document.id)}>{text.readyForYou(document.title)}</a></Banner>
      ))}
      {own.data?.loans.map(({ id, document, due_on: due, overdue, recalled_at: recalled }) => (
        <Banner key={id} kind={overdue || recalled ? "warn" : undefined} icon="records">
          <a href={link(document.id)}>{(overdue ? text.youAreLate : recalled ? text.wantedBack : text.youHave)(document.title, formatDate(due))}</a>
        </Banner>
      ))}
    </>
  );
}

function Approvals() {
  const loaded = useAsked(listApprovals, true);
  const text = tLater().workflows;
  const decide = async (run: WorkflowRun, approve: boolean) => {
    try {
      await decideApproval(run, approve);
      showToast(approve ? text.approved : text.refused);
    } catch (error) {
      showToast(explain(error));
    }
    await Promise.all([loaded.reload(), refreshUnread()]);
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

/** Batches that somebody else has proposed. */
function Batches() {
  const account = approver();
  const loaded = useAsked(async () => (account === null ? [] : batchesToApprove(account)));
  const text = tLater().records;
  return (
    <>
      {loaded.data?.map(({ id, title, action, proposed_at: at, proposed_by: by }) => (
        <Banner key={id} kind="warn" icon="records">
          <a href={`/records/disposition/${id}`}>{text.batchToApprove(title)}</a> · {text.actions[action]} · {formatAgo(at)}{by && ` · ${by.name}`}
        </Banner>
      ))}
    </>
  );
}

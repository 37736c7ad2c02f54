// What one is told: of followed documents and folders, of what could not be read, of what waits for an approval.
import { useState } from "preact/hooks";
import { explain } from "../api/client";
import { fetchNotifications, markRead } from "../api/notifications";
import type { Notification } from "../api/types";
import { Button, EmptyState } from "../components/controls";
import { MoreParts } from "../components/more_parts";
import { Screen } from "../components/screen";
import { useParts } from "../components/use_parts";
import { useUnread } from "../components/use_unread";
import { t, tLater } from "../i18n";
import { formatAgo } from "../i18n/format";
import { refreshUnread } from "../state/notifications";
import { mayManageHolds } from "../state/session";
import { showToast } from "../state/toasts";
import { AskedOfYou } from "./asked";
import { MailDialog } from "./you/own_mail";

export function NotificationsScreen() {
  const told = useParts(async (cursor) => {
    const { items, next } = await fetchNotifications(cursor === undefined ? undefined : Number(cursor));
    return { items, next: next === null ? null : String(next) };
  }, "");
  const text = tLater().notifications;
  useUnread(() => void told.reload());
  const readAll = async (newest: number) => {
    try {
      await markRead(newest);
    } catch (error) {
      showToast(explain(error));
    }
    await Promise.all([told.reload(), refreshUnread()]);
  };
  const newest = told.items?.[0];
  const [choosing, setChoosing] = useState(false);
  return (
    <Screen title={t().nav.notifications} lead={text.lead}
      actions={
        <>
          {newest && told.items?.some(({ read }) => !read) && <Button icon="check" onClick={() => void readAll(newest.id)}>{text.readAll}</Button>}
          <Button icon="inbox" onClick={() => setChoosing(true)}>{text.byMail}</Button>
        </>
      }>
      <AskedOfYou />
      <MoreParts of={told}>
        {(items) => (items.length === 0
          ? <EmptyState icon="bell" title={text.none}>{text.noneHelp}</EmptyState>
          : <ul class="cards">{items.map((one) => <li key={one.id} class="card"><Told one={one} /></li>)}</ul>)}
      </MoreParts>
      {choosing && <MailDialog onClose={() => setChoosing(false)} />}
    </Screen>
  );
}

const ofPaper: readonly Notification["kind"][] = ["loan-overdue", "loan-recalled", "paper-ready"];

/** A hold stands above as long as it asks something; who manages holds goes to it. */
function Subject({ one: { kind, document, hold, batch } }: { one: Notification }) {
  if (document) return <a href={`/?doc=${document.id}${ofPaper.includes(kind) ? "&tab=paper" : ""}`}>{document.title}</a>;
  if (hold) return mayManageHolds.value ? <a href={`/records/holds/${hold.id}`}>{hold.name}</a> : <>{hold.name}</>;
  return <a href={`/records/disposition/${batch ?? ""}`}>{tLater().notifications.disposition}</a>;
}

function Told({ one }: { one: Notification }) {
  const text = tLater().notifications;
  const fields = one.fields.map((field) => text.names[field as keyof typeof text.names] ?? field).join(", ");
  return (
    <div>
      <div class="name">
        <Subject one={one} />
        {!one.read && <> <span class="badge">{text.isNew}</span></>}
      </div>
      <p class="muted small">{text.kinds[one.kind]}{one.kind === "changed" && fields && `: ${fields}`}{one.view && `: ${one.view.name}`}{one.by && ` · ${one.by.name}`} · {formatAgo(one.at)}</p>
    </div>
  );
}

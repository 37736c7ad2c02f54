// What one is told: of followed documents and folders, of what could not be read, of what waits for an approval.
import { useState } from "preact/hooks";
import { explain } from "../api/client";
import { fetchNotifications, markRead } from "../api/notifications";
import type { Notification } from "../api/types";
import { Button, EmptyState } from "../components/controls";
import { Content, Screen } from "../components/screen";
import { useLoaded } from "../components/use_loaded";
import { t, tLater } from "../i18n";
import { formatAgo } from "../i18n/format";
import { refreshUnread } from "../state/notifications";
import { showToast } from "../state/toasts";
import { AskedOfYou } from "./asked";
import { MailDialog } from "./you/own_mail";

export function NotificationsScreen() {
  const first = useLoaded(() => fetchNotifications());
  const [further, setFurther] = useState<{ items: Notification[]; next: number | null } | null>(null);
  const text = tLater().notifications;
  const tried = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      showToast(explain(error));
    }
  };
  const readAll = (newest: number) => tried(async () => {
    await markRead(newest);
    setFurther(null);
    await Promise.all([first.reload(), refreshUnread()]);
  });
  const more = (from: number) => tried(async () => {
    const { items, next } = await fetchNotifications(from);
    setFurther((before) => ({ items: [...(before?.items ?? []), ...items], next }));
  });
  const newest = first.data?.items[0];
  const [choosing, setChoosing] = useState(false);
  return (
    <Screen title={t().nav.notifications} lead={text.lead}
      actions={
        <>
          {newest && first.data?.unread ? <Button icon="check" onClick={() => void readAll(newest.id)}>{text.readAll}</Button> : null}
          <Button icon="inbox" onClick={() => setChoosing(true)}>{text.byMail}</Button>
        </>
      }>
      <AskedOfYou />
      <Content of={first}>
        {(data) => {
          const items = [...data.items, ...(further?.items ?? [])];
          const next = further ? further.next : data.next;
          return items.length === 0 ? <EmptyState icon="bell" title={text.none}>{text.noneHelp}</EmptyState> : (
            <>
              <ul class="cards">{items.map((one) => <li key={one.id} class="card"><Told one={one} /></li>)}</ul>
              {next !== null && <Button onClick={() => void more(next)}>{text.more}</Button>}
            </>
          );
        }}
      </Content>
      {choosing && <MailDialog onClose={() => setChoosing(false)} />}
    </Screen>
  );
}

function Told({ one }: { one: Notification }) {
  const text = tLater().notifications;
  const fields = one.fields.map((field) => text.names[field as keyof typeof text.names] ?? field).join(", ");
  return (
    <div>
      <div class="name">
        {one.document ? <a href={`/?doc=${one.document.id}`}>{one.document.title}</a> : <a href={`/records/disposition/${one.batch ?? ""}`}>{text.disposition}</a>}
        {!one.read && <> <span class="badge">{text.isNew}</span></>}
      </div>
      <p class="muted small">{text.kinds[one.kind]}{one.kind === "changed" && fields && `: ${fields}`}{one.view && `: ${one.view.name}`}{one.by && ` · ${one.by.name}`} · {formatAgo(one.at)}</p>
    </div>
  );
}

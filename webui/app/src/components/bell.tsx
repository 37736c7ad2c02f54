import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { unread, watchUnread } from "../state/notifications";
import { Icon } from "./icon";

const mostShown = 99;

/** The way to the notifications, and how many are unread. */
export function Bell() {
  useEffect(watchUnread, []);
  const count = unread.value > mostShown ? `${mostShown}+` : String(unread.value);
  return (
    <a class="icon-button bell" href="/notifications" aria-label={unread.value ? `${t().nav.notifications} (${count})` : t().nav.notifications} title={t().nav.notifications}>
      <Icon name="bell" />
      {unread.value > 0 && <span class="rail-count" aria-hidden="true" data-count={count} />}
    </a>
  );
}

import { explain } from "../../api/client";
import { endSessionOf, openSessions } from "../../api/session";
import type { OpenSession } from "../../api/types";
import { Button } from "../../components/controls";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { formatAgo } from "../../i18n/format";
import { showToast } from "../../state/toasts";
import { deviceName } from "./device";

/** The browsers that one is signed in with, and signing out there. */
export function Sessions() {
  const sessions = useLoaded(openSessions);
  const text = tLater().you;
  const end = async (ended: readonly OpenSession[], done: string) => {
    try {
      for (const one of ended) await endSessionOf(one);
      showToast(done);
    } catch (error) {
      showToast(explain(error));
    }
    await sessions.reload();
  };
  return (
    <Content of={sessions}>
      {(all) => {
        const others = all.filter(({ current }) => !current);
        return (
          <>
            <ul class="plain-list">
              {all.map((one) => (
                <li key={one.id}>
                  <div class="grow">
                    <span title={one.client}>{deviceName(one.client)}</span> {one.current && <span class="badge accent">{text.thisBrowser}</span>}
                    <div class="muted small">{text.sessionSince(formatAgo(one.created_at), formatAgo(one.last_seen_at))}</div>
                  </div>
                  {!one.current && <Button compact aria-label={text.endSessionOf(deviceName(one.client))} onClick={() => void end([one], text.sessionEnded)}>{text.endSession}</Button>}
                </li>
              ))}
            </ul>
            {others.length > 1 && <div><Button icon="signOut" onClick={() => void end(others, text.othersEnded)}>{text.endOthers}</Button></div>}
          </>
        );
      }}
    </Content>
  );
}

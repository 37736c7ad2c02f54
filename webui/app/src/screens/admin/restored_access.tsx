// What a restored backup brought back and nobody has decided on.
import { explain } from "../../api/client";
import { decideRestoredAccess, fetchSuspendedAccess } from "../../api/restored_access";
import { Banner, Button } from "../../components/controls";
import { useLoaded } from "../../components/use_loaded";
import { tLater } from "../../i18n";
import { showToast } from "../../state/toasts";

export function RestoredAccess({ onDecided }: { onDecided: () => Promise<void> }) {
  const suspended = useLoaded(fetchSuspendedAccess);
  const text = tLater().restored;
  if (!suspended.data) return null;
  const { accounts, tokens, share_links: links, scan_stations: stations } = suspended.data;
  if (accounts + tokens + links + stations === 0) return null;
  const decide = async (decision: "resume" | "revoke", done: string) => {
    try {
      await decideRestoredAccess(decision);
      showToast(done);
    } catch (error) {
      showToast(explain(error));
    }
    await Promise.all([suspended.reload(), onDecided()]);
  };
  return (
    <Banner kind="warn">
      <p>{text.waits(accounts, tokens, links, stations)}</p>
      <div class="button-row">
        <Button onClick={() => void decide("resume", text.resumed)}>{text.resume}</Button>
        <Button onClick={() => void decide("revoke", text.revoked)}>{text.revoke}</Button>
      </div>
    </Banner>
  );
}

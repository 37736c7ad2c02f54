import { explain } from "../api/client";
import { isFollowed, setFollowed, type Followed } from "../api/notifications";
import { tLater } from "../i18n";
import { showToast } from "../state/toasts";
import { Button } from "./controls";
import { MenuItem } from "./menu";
import { useLoaded } from "./use_loaded";

function useFollowing(kind: Followed, id: number) {
  const following = useLoaded(() => isFollowed(kind, id));
  const turn = async () => {
    try {
      await setFollowed(kind, id, !following.data); // until that is known, it is offered to follow
    } catch (error) {
      showToast(explain(error));
    }
    await following.reload();
  };
  return { on: following.data, turn };
}

/** Follows a document or a folder, or no longer. To be keyed by it. */
export function Follow({ kind, id }: { kind: Followed; id: number }) {
  const { on, turn } = useFollowing(kind, id);
  const text = tLater().notifications;
  return on === null ? null : <Button compact icon="bell" onClick={() => void turn()}>{on ? text.unfollow : text.follow}</Button>;
}

/** The same in a menu, which closes with it. */
export function FollowItem({ kind, id, close }: { kind: Followed; id: number; close: () => void }) {
  const { on, turn } = useFollowing(kind, id);
  const text = tLater().notifications;
  return <MenuItem icon="bell" onSelect={() => { close(); void turn(); }}>{on ? text.unfollow : text.follow}</MenuItem>;
}

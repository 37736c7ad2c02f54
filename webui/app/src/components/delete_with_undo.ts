import { explain } from "../api/client";
import { tLater } from "../i18n";
import { showToast } from "../state/toasts";

/** Deletes without asking, since the toast makes it again as it was. `reload` shows what is there then, whatever was refused. */
export async function deleteWithUndo(name: string, remove: () => Promise<void>, makeAgain: () => Promise<unknown>, reload: () => Promise<void>): Promise<void> {
  try {
    await remove();
    showToast(tLater().admin.deleted(name), async () => { await makeAgain().finally(reload); });
  } catch (error) {
    showToast(explain(error));
  }
  await reload();
}

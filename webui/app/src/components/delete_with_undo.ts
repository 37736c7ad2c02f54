import { explain } from "../api/client";
import { tLater } from "../i18n";
import { showToast } from "../state/toasts";

const going = new Set<object>();

/** Deletes without asking, since the toast makes it again as it was. `reload` shows what is there then, whatever was refused;
 *  until it has, `deleted` is not deleted again. */
export async function deleteWithUndo(deleted: object, name: string, remove: () => Promise<void>, makeAgain: () => Promise<unknown>, reload: () => Promise<void>): Promise<void> {
  if (going.has(deleted)) return;
  going.add(deleted);
  try {
    await remove();
    showToast(tLater().admin.deleted(name), async () => { await makeAgain().finally(reload); });
  } catch (error) {
    showToast(explain(error));
  }
  await reload().finally(() => going.delete(deleted));
}

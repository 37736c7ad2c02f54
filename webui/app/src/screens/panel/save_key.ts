import { useLayoutEffect } from "preact/hooks";
import { t } from "../../i18n";
import { bindKeys } from "../../keys";
import { showToast } from "../../state/toasts";

/** What the key for saving does while the tab is shown. `save` resolves once the server has it all; false where it has not. */
export function useSaveKey(save: () => Promise<boolean>): void {
  useLayoutEffect(() => bindKeys({ saved: () => void save().then((done) => { if (done) showToast(t().common.saved); }) }));
}

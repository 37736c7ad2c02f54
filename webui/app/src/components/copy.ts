import { t } from "../i18n";
import { showToast } from "../state/toasts";

/** Puts text on the clipboard. The clipboard API needs HTTPS; a selected field and the old command work everywhere. */
export function copyText(text: string): void {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  showToast(t().panel.copied);
}

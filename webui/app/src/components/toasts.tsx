import { t } from "../i18n";
import { closeToast, holdToast, releaseToast, toasts, undo } from "../state/toasts";
import { IconButton } from "./controls";

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class="toast" onMouseEnter={() => holdToast(toast.id, "pointer")} onMouseLeave={() => releaseToast(toast.id, "pointer")}
          onFocusCapture={() => holdToast(toast.id, "focus")} onBlurCapture={() => releaseToast(toast.id, "focus")}>
          <span>{toast.text}</span>
          {toast.undo && (
            <button type="button" class="link-button" onClick={() => undo(toast)}>{t().trash.undo}</button>
          )}
          <IconButton icon="close" small label={t().common.close} onClick={() => closeToast(toast.id)} />
        </div>
      ))}
    </div>
  );
}

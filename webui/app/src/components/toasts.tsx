import { t } from "../i18n";
import { closeToast, pauseToast, startTimer, toasts, undo } from "../state/toasts";
import { IconButton } from "./controls";

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class="toast" onMouseEnter={() => pauseToast(toast.id)} onMouseLeave={() => startTimer(toast.id)}
          onFocusCapture={() => pauseToast(toast.id)} onBlurCapture={() => startTimer(toast.id)}>
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

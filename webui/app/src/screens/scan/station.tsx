// The whole page of a device that may scan and nothing else.
import { Logo } from "../../components/icon";
import { Toasts } from "../../components/toasts";
import { language, languages, setLanguage, t } from "../../i18n";
import { session } from "../../state/session";
import { ScanScreen } from "./scan";

export function ScanStation() {
  return (
    <div class="station">
      <header>
        <Logo size={36} /><strong>{session.value?.account.display_name}</strong>
        <nav aria-label={t().nav.language}>
          {Object.entries(languages).map(([code, { name }]) => (
            <button key={code} type="button" class="link-button" lang={code} aria-pressed={language.value === code} onClick={() => void setLanguage(code)}>{name}</button>
          ))}
        </nav>
      </header>
      <main id="main"><ScanScreen station /></main>
      <Toasts />
    </div>
  );
}

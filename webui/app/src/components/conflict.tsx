import { Banner, Button } from "./controls";
import { t } from "../i18n";

/** Somebody else was faster: which of the two is to stand. */
export function Conflict({ keepMine, takeTheirs }: { keepMine: () => Promise<void>; takeTheirs: () => Promise<void> }) {
  return (
    <Banner kind="warn">
      <div class="conflict" role="alert">
        {t().panel.stale}
        <div class="actions">
          <Button compact onClick={() => void keepMine()}>{t().panel.keepMine}</Button>
          <Button compact onClick={() => void takeTheirs()}>{t().panel.takeTheirs}</Button>
        </div>
      </div>
    </Banner>
  );
}

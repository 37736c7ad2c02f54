import type { ComponentChild, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadMore, t } from "../i18n";
import { showToast } from "../state/toasts";
import { Banner, Button, Loading } from "./controls";

/** A component that is loaded when it is first wanted, so that the first screen does not wait for it; `meanwhile` stands there
 *  until then. Where it cannot be loaded, that is said: a dialog (it has `onClose`) closes, anything else can be tried again. */
export function later<P extends object>(load: () => Promise<FunctionComponent<P>>, meanwhile: ComponentChild = <Loading />): FunctionComponent<P> {
  return function Later(props: P) {
    const [Loaded, setLoaded] = useState<FunctionComponent<P> | null>(null);
    const [failed, setFailed] = useState(false);
    const [attempt, setAttempt] = useState(1);
    useEffect(() => {
      let gone = false;
      const fail = () => {
        if (gone) return;
        const { onClose } = props as { onClose?: () => void };
        if (!onClose) return setFailed(true);
        showToast(t().errors.part);
        onClose();
      };
      setFailed(false);
      Promise.all([load(), loadMore()]).then(([component]) => setLoaded(() => component), fail);
      return () => { gone = true; };
    }, [attempt]);
    if (Loaded) return <Loaded {...props} />;
    if (!failed) return <>{meanwhile}</>;
    return (
      <Banner kind="danger">
        {t().errors.part} <Button compact icon="retry" onClick={() => setAttempt(attempt + 1)}>{t().common.retry}</Button>
      </Banner>
    );
  };
}

import type { ComponentChild, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadMore, t } from "../i18n";
import { showToast } from "../state/toasts";
import { Banner, Button, Loading } from "./controls";
import { Dialog } from "./dialog";

/** A component that is loaded when it is first wanted, so that the first screen does not wait for it; `meanwhile` stands there
 *  until then. A dialog (it has `onClose`) is open at once, so that keys are no longer for the page. Where it cannot be loaded, that is said:
 *  a dialog closes, anything else can be tried again. */
export function later<P extends object>(load: () => Promise<FunctionComponent<P>>, meanwhile: ComponentChild = <Loading />): FunctionComponent<P> {
  let known: FunctionComponent<P> | null = null; // once it was wanted
  return function Later(props: P) {
    const [Loaded, setLoaded] = useState(() => known);
    const [failed, setFailed] = useState(false);
    const [attempt, setAttempt] = useState(1);
    const { onClose } = props as { onClose?: () => void };
    useEffect(() => {
      if (Loaded) return undefined;
      let gone = false;
      const fail = () => {
        if (gone) return;
        if (!onClose) return setFailed(true);
        showToast(t().errors.part);
        onClose();
      };
      setFailed(false);
      Promise.all([load(), loadMore()]).then(([component]) => {
        known = component;
        setLoaded(() => component);
      }, fail);
      return () => { gone = true; };
    }, [attempt]);
    if (Loaded) return <Loaded {...props} />;
    if (onClose) return <Dialog title={t().common.loading} onClose={onClose}><div class="spinner" aria-hidden="true" /></Dialog>;
    if (!failed) return <>{meanwhile}</>;
    return (
      <Banner kind="danger">
        {t().errors.part} <Button compact icon="retry" onClick={() => setAttempt(attempt + 1)}>{t().common.retry}</Button>
      </Banner>
    );
  };
}

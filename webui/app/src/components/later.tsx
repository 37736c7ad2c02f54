import type { ComponentChild, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadMore } from "../i18n";
import { Loading } from "./controls";

/** A component that is loaded when it is first wanted, so that the first screen does not wait for it; `meanwhile` stands there until then. */
export function later<P extends object>(load: () => Promise<FunctionComponent<P>>, meanwhile: ComponentChild = <Loading />): FunctionComponent<P> {
  return function Later(props: P) {
    const [Loaded, setLoaded] = useState<FunctionComponent<P> | null>(null);
    useEffect(() => { void Promise.all([load(), loadMore()]).then(([component]) => setLoaded(() => component)); }, []);
    return Loaded ? <Loaded {...props} /> : <>{meanwhile}</>;
  };
}

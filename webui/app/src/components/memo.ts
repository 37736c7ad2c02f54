import { Component, h, type ComponentChild, type FunctionComponent } from "preact";

/** A component that is drawn anew only when one of its properties, its own state or a signal it reads changed. */
export function memo<P extends object>(inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const now = this.props as P;
      const names = new Set([...Object.keys(now), ...Object.keys(next)]) as Set<keyof P>;
      return [...names].some((name) => next[name] !== now[name]);
    }

    override render(): ComponentChild {
      return h(inner, this.props as P);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

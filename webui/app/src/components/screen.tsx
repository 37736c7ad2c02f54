import type { ComponentChildren } from "preact";
import { explain } from "../api/client";
import { t } from "../i18n";
import { Banner, Button, Loading } from "./controls";
import type { Loaded } from "./use_loaded";

/** A screen of one column: its title, what it is for, and its content. */
export function Screen({ title, lead, actions, children }: {
  title: string;
  lead?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="page">
      <header>
        <div>
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {actions}
      </header>
      {children}
    </div>
  );
}

/** What was loaded, or that it is loading, or why it could not be. */
export function Content<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (of.data !== null) return <>{of.error !== null && <Banner kind="danger">{explain(of.error)}</Banner>}{children(of.data)}</>;
  if (of.error === null) return <Loading />;
  return (
    <Banner kind="danger">
      {explain(of.error)} <Button compact icon="retry" onClick={() => void of.reload()}>{t().common.retry}</Button>
    </Banner>
  );
}

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { explain } from "../api/client";
import { t } from "../i18n";
import { Banner, Button, Loading } from "./controls";
import type { Parts } from "./use_parts";

/** Asks for the next part of a list, once however often it is pressed until that is there. It keeps the focus meanwhile. */
export function MoreButton({ compact, onMore, children }: { compact?: boolean; onMore: () => Promise<unknown>; children: ComponentChildren }) {
  const asks = useRef(false);
  const ask = async () => {
    if (asks.current) return;
    asks.current = true;
    await onMore().finally(() => { asks.current = false; });
  };
  return <div><Button compact={compact ?? false} onClick={() => void ask()}>{children}</Button></div>;
}

/** What is there of a list that comes in parts, or that it is loading, or why it could not be; and a button for more. */
export function MoreParts<T>({ of, children }: { of: Parts<T>; children: (items: readonly T[]) => ComponentChildren }) {
  return (
    <>
      {of.error !== null && <Banner kind="danger">{explain(of.error)} <Button compact icon="retry" onClick={() => void of.reload()}>{t().common.retry}</Button></Banner>}
      {of.items ? children(of.items) : of.error === null && <Loading />}
      {of.more && <div><Button onClick={of.more}>{t().search.loadMore}</Button></div>}
    </>
  );
}

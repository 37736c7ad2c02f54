import type { ComponentChildren } from "preact";
import { explain } from "../api/client";
import { t } from "../i18n";
import { Banner, Button, Loading } from "./controls";
import type { Parts } from "./use_parts";

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

// How much a query finds now, before something is made to follow it.
import { useEffect, useState } from "preact/hooks";
import { explain, isAbort } from "../../api/client";
import { countDocuments } from "../../api/documents";
import { tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";

const typingPause = 300; // milliseconds after the last key until the server is asked

export function QueryCount({ query }: { query: string }) {
  const [found, setFound] = useState<Awaited<ReturnType<typeof countDocuments>> | null>(null);
  const [failure, setFailure] = useState("");
  const wanted = query.trim();
  const address = new URLSearchParams({ q: wanted });
  useEffect(() => {
    setFound(null);
    setFailure("");
    if (wanted === "") return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      countDocuments(address, controller.signal).then(setFound, (error: unknown) => { if (!isAbort(error)) setFailure(explain(error)); });
    }, typingPause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [wanted]);
  return (
    <p class="muted small" role="status">
      {failure}
      {found !== null && <a href={`/?${address.toString()}`} target="_blank" rel="noopener">{tLater().plan.findsNow(found.total, `${found.total_exact ? "" : "≈ "}${formatNumber(found.total)}`)}</a>}
    </p>
  );
}

// What stands in place of a list that has nothing in it: ways to begin, or what keeps everything out.
import { useEffect, useState } from "preact/hooks";
import { explain, isAbort } from "../../api/client";
import { countDocuments } from "../../api/documents";
import { Button, EmptyState } from "../../components/controls";
import { t, tLater } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { location, navigate, withQuery } from "../../router";
import { listQuery } from "../../state/search";
import { mayCapture, mayOperate } from "../../state/session";
import { showToast } from "../../state/toasts";
import { chooseFiles } from "../upload/choose";
import { filterLabel } from "./facets";
import { conditions, withoutFilters, type Condition } from "./query";

export function Nothing() {
  const { q, filters, like } = listQuery.value;
  const text = t().search;
  if (!q && !like && filters.length === 0) return <FirstSteps />;
  return (
    <EmptyState icon="search" title={text.emptyTitle}
      actions={(
        <>
          {!like && <WaysOut />}
          {filters.length > 0 && <Button icon="close" onClick={() => navigate(withQuery("/", withoutFilters(location.value.query)))}>{text.clearFilters}</Button>}
        </>
      )}>
      {filters.length > 0 ? text.emptyWithFilters : text.emptyHelp}
    </EmptyState>
  );
}

function FirstSteps() {
  const text = t().search;
  const ways = tLater().finding;
  return (
    <EmptyState icon="upload" title={text.firstTitle}
      actions={mayCapture.value && (
        <>
          <Button kind="primary" icon="upload" onClick={chooseFiles}>{text.firstUpload}</Button>
          <Button icon="scan" onClick={() => navigate("/scan")}>{ways.scan}</Button>
          {mayOperate.value && <Button icon="list" onClick={() => navigate("/admin/mail")}>{ways.mailbox}</Button>}
          {mayOperate.value && <Button icon="folder" onClick={() => navigate("/admin/import")}>{ways.archive}</Button>}
        </>
      )}>
      {mayOperate.value ? `${text.firstHelp} ${ways.folder}` : text.firstHelp}
    </EmptyState>
  );
}

/** For each filter and each field of the query: how many documents there are without it, the most first. */
function WaysOut() {
  const { query } = location.value;
  const [ways, setWays] = useState<readonly { condition: Condition; total: number }[]>([]);
  useEffect(() => {
    setWays([]);
    const controller = new AbortController();
    const asked = conditions(query).map(async (condition) => ({ condition, total: (await countDocuments(condition.rest, controller.signal)).total }));
    void Promise.all(asked).then(
      (counted) => setWays(counted.filter(({ total }) => total > 0).sort((one, other) => other.total - one.total)),
      (error: unknown) => { if (!isAbort(error)) showToast(explain(error)); },
    );
    return () => controller.abort();
  }, [query]);
  return (
    <>
      {ways.map(({ condition, total }) => (
        <Button key={condition.text} onClick={() => navigate(withQuery("/", condition.rest))}>
          {tLater().finding.without(condition.filter ? filterName(condition.filter) : condition.text, total, formatNumber(total))}
        </Button>
      ))}
    </>
  );
}

function filterName({ facet, value, exclude }: NonNullable<Condition["filter"]>): string {
  const name = `${t().facets.names[facet]} ${filterLabel(facet, value)}`;
  return exclude ? t().facets.without(name) : name;
}

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { explain } from "../../api/client";
import type { DocumentListItem } from "../../api/types";
import { Banner, Button, Chip, EmptyState, IconButton, Select } from "../../components/controls";
import { later } from "../../components/later";
import { t } from "../../i18n";
import { formatNumber } from "../../i18n/format";
import { location, navigate, setQuery, withQuery } from "../../router";
import { bulkJob } from "../../state/bulk";
import { compactList, showFilters } from "../../state/preferences";
import { listQuery, loadMore, moreFailure, picked, refreshResults, results, searchFailure, searching, wholeList } from "../../state/search";
import { applyFilter, filterLabel } from "./facets";
import { listKey, operators, sorts } from "./query";
import { Rows } from "./rows";

const BulkBar = later(async () => (await import("./bulk_bar")).BulkBar, null);
const BulkProgress = later(async () => (await import("./bulk_progress")).BulkProgress, null);
const SelectionBar = later(async () => (await import("./selection_bar")).SelectionBar, null);
const QueryHints = later(async () => (await import("./query_hints")).QueryHints, null);
const Nothing = later(async () => (await import("./nothing")).Nothing, null);

/** Where the list stood when one went to another screen. */
let left: { list: string; scroll: number } = { list: "", scroll: 0 };

export function Results({ openId }: { openId: number }) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (list.current && left.list === listKey(location.peek().query)) list.current.scrollTop = left.scroll;
  }, []);
  return (
    <section class="results" aria-labelledby="results-title">
      <Head Title={openId ? "h2" : "h1"} />
      <div class="results-scroll" id="results" ref={list}
        onScroll={(event) => { left = { list: listKey(location.peek().query), scroll: event.currentTarget.scrollTop }; }}>
        <Body openId={openId} />
      </div>
    </section>
  );
}

/** The title of the screen is the open document's, where there is one. */
function Head({ Title }: { Title: "h1" | "h2" }) {
  const { q, sort, filters, like } = listQuery.value;
  const found = results.value;
  const text = t().search;
  const typed = operators(location.value.query);
  const total = found && (found.total_exact ? text.found(found.total, formatNumber(found.total)) : text.about(formatNumber(found.total)));
  return (
    <div class="results-head">
      <div class="line">
        <IconButton icon="filter" label={showFilters.value ? t().facets.hide : t().facets.show} aria-pressed={showFilters.value}
          onClick={() => { showFilters.value = !showFilters.value; }} />
        <Title id="results-title" tabIndex={-1}>{q || like ? text.results : text.title}</Title>
        <span class="count" role="status">{searching.value && !found ? text.searching : total}</span>
        <span class="spacer" />
        <IconButton icon="list" label={text.compact} aria-pressed={compactList.value} onClick={() => { compactList.value = !compactList.value; }} />
        <Select hidden label={text.sort} value={sort} onChange={(value) => setQuery({ sort: value })}
          options={sorts.filter((name) => name !== "relevance" || q).map((name) => ({ value: name, label: text.sorts[name] }))} />
      </div>
      {filters.length + typed.length > 0 && (
        <div class="chips">
          {typed.map((part, index) => (
            <Chip key={`${index} ${part.text}`} exclude={part.text.startsWith("-")} removeLabel={t().facets.removeFilter(part.text)}
              onRemove={() => navigate(withQuery("/", part.rest))}>{part.text}</Chip>
          ))}
          {filters.map(({ facet, value, exclude }) => {
            const name = filterLabel(facet, value);
            return (
              <Chip key={`${facet}${value}`} exclude={exclude} removeLabel={t().facets.removeFilter(name)} onRemove={() => applyFilter(facet, value, "absent")}>
                {exclude ? t().facets.without(name) : name}
              </Chip>
            );
          })}
        </div>
      )}
      {found?.did_you_mean && (
        <p>{text.didYouMean}{" "}
          <button type="button" class="link-button" onClick={() => setQuery({ q: found.did_you_mean ?? "", doc: null, p: null })}>{found.did_you_mean}</button>
          {text.didYouMeanEnd}
        </p>
      )}
      {found && found.query_echo.warnings.length > 0 && <QueryHints warnings={found.query_echo.warnings} />}
      {found && searchFailure.value !== null && (
        <Banner kind="warn">{explain(searchFailure.value)} <Button compact icon="retry" onClick={() => refreshResults(0)}>{t().common.retry}</Button></Banner>
      )}
      {bulkJob.value !== null && <BulkProgress key={bulkJob.value} job={bulkJob.value} />}
      {wholeList.value ? <BulkBar /> : picked.value.size > 0 && <SelectionBar />}
    </div>
  );
}

function Body({ openId }: { openId: number }) {
  const found = results.value;
  const list = listKey(location.value.query);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!end.current) return;
    const observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) void loadMore(); }, { rootMargin: "600px" });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [found]);

  if (searchFailure.value !== null && !found) {
    return (
      <EmptyState icon="quarantine" danger title={t().errors.title} actions={<Button icon="retry" onClick={() => refreshResults(0)}>{t().common.retry}</Button>}>
        {explain(searchFailure.value)}
      </EmptyState>
    );
  }
  if (!found) return <Skeletons />;
  if (found.items.length === 0) return <Nothing />;
  return (
    <>
      <Rows found={found} openId={openId} list={list} top={left.list === list ? left.scroll : 0} href={rowHref} onOpen={openRow} />
      {found.next && <div ref={end} class="more-rows">
        {moreFailure.value !== null && <Banner kind="danger">{explain(moreFailure.value)}</Banner>}
        <Button onClick={() => void loadMore()}>{t().search.loadMore}</Button>
      </div>}
    </>
  );
}

function rowHref(id: number): string {
  const query = new URLSearchParams(location.value.query);
  query.delete("p");
  query.set("doc", String(id));
  return withQuery("/", query);
}

function openRow(document: DocumentListItem, page: number): void {
  setQuery({ doc: String(document.id), p: page > 1 ? String(page) : null });
}

/** Shown only when the answer takes a moment, so that nothing flickers. */
function Skeletons() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div class="rows" aria-hidden="true">
      {[72, 58, 81, 64, 77, 52].map((width) => (
        <div key={width} class="row skeleton-row">
          <span class="thumb skeleton" />
          <div>
            <div class="skeleton" style={{ width: `${width}%` }} />
            <div class="skeleton" style={{ width: `${width / 2}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}

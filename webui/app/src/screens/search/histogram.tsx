// How many of the found documents there are of each year, and, once a year is chosen, of each of its months. A bar narrows
// the list to what it stands for.
import { useEffect, useState } from "preact/hooks";
import { isAbort } from "../../api/client";
import { documentQuery } from "../../api/document_query";
import { listDocuments } from "../../api/documents";
import { t, tLater } from "../../i18n";
import { formatNumber, monthName } from "../../i18n/format";
import { location, navigate, withQuery } from "../../router";
import { results } from "../../state/search";
import { applyFilter } from "./facets";
import { readQuery, withWords } from "./query";

interface Bar {
  label: string;
  count: number;
  narrow: () => void;
}

export function Histogram() {
  const chosen = readQuery(location.value.query).filters.filter(({ facet, exclude }) => facet === "year" && !exclude);
  const year = chosen.length === 1 ? chosen[0]?.value : undefined;
  const years = [...(results.value?.facets?.["year"] ?? [])].filter(({ value }) => /^\d{4}$/.test(value)).sort((one, other) => one.value.localeCompare(other.value));
  if (year) return <Months key={year} year={year} />;
  if (years.length < 2) return null;
  return <Bars bars={years.map(({ value, count }) => ({ label: value, count, narrow: () => applyFilter("year", value, "only") }))} />;
}

function ofMonth(query: URLSearchParams, month: string): URLSearchParams {
  return withWords(query, `created:${month}`);
}

async function countMonths(query: URLSearchParams, signal: AbortSignal): Promise<Map<string, number>> {
  const asked = documentQuery(readQuery(query));
  for (const [name, value] of Object.entries({ facets: "month", limit: "1", hl: "0" })) asked.set(name, value);
  const { facets } = await listDocuments(asked, signal);
  return new Map((facets["month"] ?? []).map(({ value, count }) => [value, count]));
}

function Months({ year }: { year: string }) {
  const { query } = location.value;
  const asked = withQuery("/", ofMonth(query, year));
  const [counts, setCounts] = useState<ReadonlyMap<string, number> | null>(null);
  const months = Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, "0")}`);
  useEffect(() => {
    const controller = new AbortController();
    void countMonths(query, controller.signal).then(setCounts, (error: unknown) => {
      if (!isAbort(error)) setCounts(null); // the filters beside it do the same
    });
    return () => controller.abort();
  }, [asked]);
  if (counts === null || (query.get("q") ?? "").includes("created:")) return null;
  return <Bars bars={months.map((month, index) => ({ label: `${monthName(index + 1)} ${year}`, count: counts.get(month) ?? 0, narrow: () => navigate(withQuery("/", ofMonth(query, month))) }))} />;
}

function Bars({ bars }: { bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <section class="facet" aria-labelledby="histogram-title">
      <h3 id="histogram-title">{tLater().places.byDate}</h3>
      <ul class="histogram">
        {bars.map(({ label, count, narrow }) => (
          <li key={label}>
            <button type="button" disabled={count === 0} title={`${label}: ${formatNumber(count)}`} onClick={narrow}>
              <span class="bar" style={{ height: `${Math.round((count / most) * 48)}px` }} />
              <span class="visually-hidden">{label}: {t().common.documents(count, formatNumber(count))}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="histogram-ends muted small" aria-hidden="true"><span>{bars[0]?.label}</span><span>{bars.at(-1)?.label}</span></div>
    </section>
  );
}

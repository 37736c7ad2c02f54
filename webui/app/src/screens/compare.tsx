// What differs between the texts of two versions. Address: /compare?doc=ID&from=1&to=2&view=side.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { fetchDocument } from "../api/documents";
import type { DocumentVersion, VersionDifferences } from "../api/types";
import { fetchDifferences, fetchVersions } from "../api/versions";
import { Banner, Button, Select } from "../components/controls";
import { Content, Screen } from "../components/screen";
import { useLoaded } from "../components/use_loaded";
import { t, tLater } from "../i18n";
import { bindKeys } from "../keys";
import { location, navigate, setQuery } from "../router";
import { numbered, stepped, type NumberedPage, type NumberedRun } from "./differences";

export function CompareScreen() {
  const { query } = location.value;
  const id = Number(query.get("doc"));
  const known = useLoaded(async () => ({ title: (await fetchDocument(id)).data.title, versions: (await fetchVersions(id)).filter((one) => one.file) }));
  const text = tLater().versions;
  useLayoutEffect(() => bindKeys({ close: () => navigate(`/?doc=${id}`) }), [id]);
  return (
    <Screen title={text.compareTitle} lead={known.data ? text.compareLead(known.data.title) : ""} actions={<a class="button" href={`/?doc=${id}`}>{text.back}</a>}>
      <Content of={known}>{({ versions }) => <Chosen id={id} versions={versions} query={query} />}</Content>
    </Screen>
  );
}

function Chosen({ id, versions, query }: { id: number; versions: readonly DocumentVersion[]; query: URLSearchParams }) {
  const to = Number(query.get("to")) || versions[0]?.number || 1;
  const from = Number(query.get("from")) || versions.find((one) => one.number < to)?.number || to;
  const side = query.get("view") === "side";
  const text = tLater().versions;
  const options = versions.map(({ number, labels }) => ({ value: String(number), label: [t().versions.number(number), ...labels.map((one) => one.label)].join(" · ") }));
  return (
    <>
      <div class="compare-bar">
        <Select label={text.older} value={String(from)} options={options} onChange={(from) => setQuery({ from }, true)} />
        <Select label={text.newer} value={String(to)} options={options} onChange={(to) => setQuery({ to }, true)} />
        <Select label={text.view} value={side ? "side" : "inline"} onChange={(view) => setQuery({ view: view === "side" ? view : null }, true)}
          options={[{ value: "inline", label: text.inline }, { value: "side", label: text.sideBySide }]} />
      </div>
      <Differences key={`${from} ${to}`} id={id} from={from} to={to} side={side} />
    </>
  );
}

function Differences({ id, from, to, side }: { id: number; from: number; to: number; side: boolean }) {
  const found = useLoaded(() => fetchDifferences(id, from, to));
  return <Content of={found}>{(differences) => <Found differences={differences} side={side} />}</Content>;
}

function Found({ differences, side }: { differences: VersionDifferences; side: boolean }) {
  const [current, setCurrent] = useState(0); // from 1; 0 before the first step
  const text = tLater().versions;
  const { changes } = differences;
  const step = (by: 1 | -1) => setCurrent((at) => stepped(at, by, changes));
  useLayoutEffect(() => bindKeys({ nextHit: () => step(1), previousHit: () => step(-1) }), [changes]);
  useEffect(() => { document.getElementById(`change-${current}`)?.scrollIntoView({ block: "center" }); }, [current, side]);
  return (
    <>
      <div class="compare-bar" role="toolbar" aria-label={text.compareTitle}>
        <span role="status">{current > 0 ? text.changeOf(current, changes) : text.changes(changes)}</span>
        <Button compact icon="up" disabled={changes === 0} onClick={() => step(-1)}>{text.previous}</Button>
        <Button compact icon="down" disabled={changes === 0} onClick={() => step(1)}>{text.next}</Button>
      </div>
      {!differences.complete && <Banner kind="warn">{text.incomplete}</Banner>}
      {numbered(differences).map((page) => <Page key={page.page} page={page} side={side} current={current} />)}
    </>
  );
}

function Page({ page, side, current }: { page: NumberedPage; side: boolean; current: number }) {
  const older = page.runs.filter((run) => run.kind !== "inserted");
  const newer = page.runs.filter((run) => run.kind !== "deleted");
  return (
    <section class="compared">
      <h2>{tLater().versions.page(page.page)}</h2>
      {side
        ? (
          <div class="columns">
            <Runs runs={older} current={current} />
            <Runs runs={newer} current={current} />
          </div>
        )
        : <Runs runs={page.runs} current={current} />}
    </section>
  );
}

function Runs({ runs, current }: { runs: readonly NumberedRun[]; current: number }) {
  const text = tLater().versions;
  return (
    <p>
      {runs.map((run, at) => {
        if (run.kind === "equal") return <span key={at}>{run.text}{" "}</span>;
        const Tag = run.kind === "deleted" ? "del" : "ins";
        return (
          <Tag key={at} class={run.change === current ? "current" : ""} {...(run.first ? { id: `change-${run.change}` } : {})}>
            <span class="visually-hidden">{run.kind === "deleted" ? text.deleted : text.inserted} </span>{run.text}{" "}
          </Tag>
        );
      })}
    </p>
  );
}

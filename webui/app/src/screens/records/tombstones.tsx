// The register of what was destroyed, and what is left of each.
import { useState } from "preact/hooks";
import { chooseTombstoneFields, fetchTombstone, fetchTombstoneFields, listTombstones, type Tombstone, type TombstoneField, type TombstoneFilter } from "../../api/tombstones";
import { Button, EmptyState, TextField } from "../../components/controls";
import { AsCsv } from "../../components/download";
import { MoreButton } from "../../components/more_parts";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { formatDate, formatNumber, formatSize, formatTime } from "../../i18n/format";
import { location, setQuery } from "../../router";
import { mayManageSchedules } from "../../state/session";
import { KeptFields } from "./kept_fields";
import { attempt, TableHead, TableRegion } from "./parts";

const home = "/records/destroyed";
const filterFields = ["q", "class", "from", "through"] as const;

export function Tombstones() {
  const filter: TombstoneFilter = Object.fromEntries(filterFields.flatMap((field) => {
    const value = location.value.query.get(field);
    return value ? [[field, value]] : [];
  }));
  const text = tLater().tombstones;
  return (
    <>
      <h2>{text.title}</h2>
      <p class="muted">{text.help}</p>
      <FilterForm first={filter} />
      <Register key={JSON.stringify(filter)} filter={filter} />
      {mayManageSchedules.value && <KeptOfAll />}
    </>
  );
}

function KeptOfAll() {
  const chosen = useLoaded(fetchTombstoneFields);
  const text = tLater().tombstones;
  return (
    <section class="stack">
      <h3>{text.kept}</h3>
      <p class="muted">{text.keptHelp}</p>
      <Content of={chosen}>{(fields) => <FieldsForm chosen={fields} />}</Content>
    </section>
  );
}

function FieldsForm({ chosen }: { chosen: readonly TombstoneField[] }) {
  const [fields, setFields] = useState<readonly TombstoneField[]>(chosen);
  const text = tLater().tombstones;
  const save = (event: Event) => {
    event.preventDefault();
    void attempt(() => chooseTombstoneFields([...fields]), text.saved);
  };
  return (
    <form class="stack" onSubmit={save}>
      <KeptFields chosen={fields} onChange={setFields} />
      <div class="button-row"><Button type="submit">{text.save}</Button></div>
    </form>
  );
}

/** What is looked for stands in the address, so that the way back leads to it. */
function FilterForm({ first }: { first: TombstoneFilter }) {
  const [words, setWords] = useState(first.q ?? "");
  const [inClass, setInClass] = useState(first.class ?? "");
  const [from, setFrom] = useState(first.from ?? "");
  const [through, setThrough] = useState(first.through ?? "");
  const text = tLater().tombstones;
  const search = (event: Event) => {
    event.preventDefault();
    setQuery({ q: words.trim(), class: inClass.trim(), from, through }, true);
  };
  return (
    <form class="stack" role="search" onSubmit={search}>
      <div class="columns">
        <TextField label={text.find} name="q" autoComplete="off" value={words} onInput={setWords} />
        <TextField label={text.inClass} name="class" autoComplete="off" value={inClass} onInput={setInClass} />
        <TextField label={text.from} name="from" type="date" value={from} onInput={setFrom} />
        <TextField label={text.through} name="through" type="date" value={through} onInput={setThrough} />
      </div>
      <div class="button-row"><Button type="submit" kind="primary" icon="search">{text.search}</Button></div>
    </form>
  );
}

function Register({ filter }: { filter: TombstoneFilter }) {
  const first = useLoaded(() => listTombstones(filter));
  const [later, setLater] = useState<{ items: readonly Tombstone[]; next: string | null } | null>(null);
  const text = tLater().tombstones;
  return (
    <Content of={first}>
      {(page) => {
        const next = later ? later.next : page.next;
        const more = () => attempt(async () => {
          const read = await listTombstones({ ...filter, ...(next ? { cursor: next } : {}) });
          setLater({ items: [...(later?.items ?? []), ...read.items], next: read.next });
        });
        if (page.items.length === 0) return <EmptyState icon="records" title={Object.keys(filter).length === 0 ? text.none : text.noneFound}>{""}</EmptyState>;
        return (
          <>
            <div class="button-row">
              <span class="grow" role="status">{text.count(page.total, formatNumber(page.total))}</span>
              <AsCsv path={`/tombstones?${new URLSearchParams({ ...filter }).toString()}`} />
            </div>
            <RegisterTable tombstones={[...page.items, ...(later?.items ?? [])]} />
            {next && <MoreButton onMore={more}>{t().search.loadMore}</MoreButton>}
          </>
        );
      }}
    </Content>
  );
}

function RegisterTable({ tombstones }: { tombstones: readonly Tombstone[] }) {
  const text = tLater().tombstones;
  const records = tLater().records;
  return (
    <TableRegion label={text.title}>
      <TableHead columns={[records.document, records.class, records.schedule, text.destroyedOn, records.outcome]} />
      <tbody>
        {tombstones.map((one) => (
          <tr key={one.id}>
            <td><a href={`${home}/${one.id}`}>{nameOf(one)}</a>{one.document_date && <div class="muted small">{formatDate(one.document_date)}</div>}</td>
            <td>{one.class}</td>
            <td>{one.schedule}{one.authority && <div class="muted small">{one.authority}</div>}</td>
            <td class="nowrap">{formatTime(one.executed_at)}</td>
            <td>{stateOf(one)}</td>
          </tr>
        ))}
      </tbody>
    </TableRegion>
  );
}

function nameOf(one: Tombstone): string {
  return one.title ?? `#${one.id}`;
}

function stateOf(one: Tombstone): string {
  const text = tLater().tombstones;
  if (!one.purged_at) return text.restorable;
  return one.verified_at ? text.verified : text.unverified;
}

export function TombstonePage({ id }: { id: number }) {
  const loaded = useLoaded(() => fetchTombstone(id));
  const text = tLater().tombstones;
  return (
    <>
      <a href={home}>← {text.title}</a>
      <Content of={loaded}>{(one) => <Facts one={one} />}</Content>
    </>
  );
}

function Facts({ one }: { one: Tombstone }) {
  const text = tLater().tombstones;
  const records = tLater().records;
  const facts: [string, string | null][] = [
    [records.number, String(one.id)],
    [records.class, one.class],
    [text.documentDate, one.document_date && formatDate(one.document_date)],
    [text.type, one.type],
    [text.correspondent, one.correspondent],
    [text.folder, one.folder],
    [text.barcode, one.barcode],
    [text.serialNumber, one.serial_number === null ? null : String(one.serial_number)],
    ...one.custom_fields.map(({ name, value }): [string, string] => [name, value]),
    [text.medium, text.kinds[one.medium]],
    [text.cameIn, formatTime(one.captured_at)],
    [text.declared, one.declared_on && formatDate(one.declared_on)],
    [records.schedule, one.schedule && `${one.schedule} (${one.schedule_version})`],
    [text.authority, one.authority],
    [text.keptThrough, one.retain_through && formatDate(one.retain_through)],
    [text.destroyedOn, formatTime(one.executed_at)],
    [text.purged, one.purged_at && formatTime(one.purged_at)],
    [text.checked, one.verified_at && formatTime(one.verified_at)],
    [text.approvedBy, one.approved_by.join(", ")],
  ];
  return (
    <article class="stack">
      <h2>{nameOf(one)}</h2>
      <p>{one.transferred_to ? text.transferred(one.transferred_to) : stateOf(one)}</p>
      {one.paper && <p>{text.paperDestroyed(formatDate(one.paper.destroyed_on), one.paper.method)}</p>}
      <dl class="facts">
        {facts.map(([name, value]) => value && <><dt>{name}</dt><dd>{value}</dd></>)}
        <dt>{text.batch}</dt>
        <dd>
          {one.batch === null ? (one.batch_number === null ? text.fromTrash : `#${one.batch_number} ${one.batch_title ?? ""} (${text.batchLost})`) : (
            <><a href={`/records/disposition/${one.batch}`}>#{one.batch} {one.batch_title}</a> · <a href={`/records/disposition/${one.batch}/certificate`}>{text.certificate}</a></>
          )}
        </dd>
        <dt>{records.files}</dt>
        <dd class="hash">{one.components.map((file) => <div key={file.sha256}>{file.sha256} ({formatSize(file.size)})</div>)}</dd>
      </dl>
    </article>
  );
}

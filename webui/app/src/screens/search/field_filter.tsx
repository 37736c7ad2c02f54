// The organisation's own fields as filters: what is asked for becomes words of the query, where it can be changed and taken away.
import { useId, useState } from "preact/hooks";
import { listCustomFields } from "../../api/custom_fields";
import type { CustomField } from "../../api/types";
import { Button, Select, TextField } from "../../components/controls";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { location, navigate, withQuery } from "../../router";
import { ofField, ofFieldRange, withWords } from "./query";

export function FieldFilter() {
  const loaded = useLoaded(listCustomFields);
  const [key, setKey] = useState("");
  const title = useId();
  const fields = (loaded.data ?? []).filter(({ kind }) => kind !== "document"); // of those only the number is known, which nobody knows by heart
  if (fields.length === 0) return null; // without them the list is narrowed by everything else
  const text = tLater().fields;
  const field = fields.find((one) => one.key === key);
  return (
    <section class="facet stack" aria-labelledby={title}>
      <h3 id={title}>{text.filter}</h3>
      <Select label={text.filterField} value={key} onChange={setKey}
        options={[{ value: "", label: t().panel.choose }, ...fields.map((one) => ({ value: one.key, label: one.name }))]} />
      {field && <Wanted key={field.key} field={field} />}
    </section>
  );
}

function Wanted({ field }: { field: CustomField }) {
  const [value, setValue] = useState("");
  const [to, setTo] = useState("");
  const text = tLater().fields;
  const spans = field.kind === "date" || field.kind === "number" || field.kind === "amount";
  const words = spans ? ofFieldRange(field.key, value, to) : ofField(field.key, value);
  const narrow = (event: Event) => {
    event.preventDefault();
    if (words) navigate(withQuery("/", withWords(location.value.query, words)));
  };
  return (
    <form class="stack" onSubmit={narrow}>
      <Value field={field} value={value} setValue={setValue} />
      {spans && <TextField label={text.to} {...typing(field)} value={to} onInput={setTo} />}
      <div><Button type="submit" compact disabled={!words}>{text.narrow}</Button></div>
    </form>
  );
}

function typing(field: CustomField) {
  return field.kind === "date" ? { type: "date" } as const : { type: "text", inputMode: "decimal" } as const;
}

function Value({ field, value, setValue }: { field: CustomField; value: string; setValue: (value: string) => void }) {
  const text = tLater().fields;
  if (field.kind === "date" || field.kind === "number" || field.kind === "amount") return <TextField label={text.from} {...typing(field)} value={value} onInput={setValue} />;
  const choices = field.kind === "yes_no" ? [{ value: "yes", label: text.yes }, { value: "no", label: text.no }] : field.choices.map((name) => ({ value: name, label: name }));
  if (choices.length > 0) return <Select label={field.name} value={value} onChange={setValue} options={[{ value: "", label: t().panel.choose }, ...choices]} />;
  return <TextField label={field.name} type="text" value={value} onInput={setValue} />;
}

// The rules for barcodes: what they are, changing them, and trying what a barcode would do by them.
import { useState } from "preact/hooks";
import { explain } from "../../api/client";
import { changeBarcodeRules, loadBarcodeRules, resetBarcodeRules, tryBarcode } from "../../api/sources";
import type { BarcodeEffect, BarcodeRules, BarcodeRulesChange } from "../../api/types";
import { Button, Checkbox, Field, TextField } from "../../components/controls";
import { FormDialog } from "../../components/form_dialog";
import { PrintSheets } from "../../components/print_sheets";
import { Content } from "../../components/screen";
import { useLoaded } from "../../components/use_loaded";
import { t, tLater } from "../../i18n";
import { showToast } from "../../state/toasts";

type List = "separators" | "tags" | "types" | "classes" | "fields";
type Truth = "read" | "keep_separators" | "tags_start_documents" | "drop_blank_pages";

export function BarcodeRulesPart() {
  const loaded = useLoaded(loadBarcodeRules);
  const [changing, setChanging] = useState(false);
  const text = tLater().barcodes;
  const reset = async (rules: BarcodeRules) => {
    try {
      await resetBarcodeRules(rules);
    } catch (error) {
      showToast(explain(error));
    }
    await loaded.reload();
  };
  return (
    <section class="stack">
      <h2>{text.title}</h2>
      <p class="muted">{text.lead}</p>
      <Content of={loaded}>
        {(rules) => (
          <>
            <p>{inShort(rules)}</p>
            <div class="button-row">
              <Button icon="edit" onClick={() => setChanging(true)}>{text.change}</Button>
              <PrintSheets />
              {!rules.configured && <Button icon="restore" onClick={() => void reset(rules)}>{text.reset}</Button>}
            </div>
            {changing && <RulesDialog rules={rules} onClose={() => setChanging(false)} onSaved={loaded.reload} />}
          </>
        )}
      </Content>
    </section>
  );
}

function inShort(rules: BarcodeRules): string {
  const text = tLater().barcodes;
  return [
    rules.configured ? text.configured : text.set,
    ...(rules.read ? [] : [text.notRead]),
    text.sheets(rules.separators.length === 0 ? text.none : rules.separators.join(", ")),
    text.numbers(rules.serial_prefix === "" ? text.none : rules.serial_prefix),
  ].join(" · ");
}

function lines(written: string): string[] {
  return written.split("\n").map((line) => line.trim()).filter(Boolean);
}

function RulesDialog({ rules, onClose, onSaved }: { rules: BarcodeRules; onClose: () => void; onSaved: () => Promise<void> }) {
  const [truths, setTruths] = useState<Record<Truth, boolean>>(rules);
  const [prefix, setPrefix] = useState(rules.serial_prefix);
  const [lists, setLists] = useState<Record<List, string>>({
    separators: rules.separators.join("\n"), tags: rules.tags.join("\n"), types: rules.types.join("\n"), classes: rules.classes.join("\n"), fields: rules.fields.join("\n"),
  });
  const text = tLater().barcodes;
  const draft = (): BarcodeRulesChange => ({
    read: truths.read, keep_separators: truths.keep_separators, tags_start_documents: truths.tags_start_documents, drop_blank_pages: truths.drop_blank_pages,
    serial_prefix: prefix.trim(), separators: lines(lists.separators), tags: lines(lists.tags), types: lines(lists.types), classes: lines(lists.classes), fields: lines(lists.fields),
  });
  const truth = (name: Truth) => <Checkbox label={text.truths[name]} checked={truths[name]} onChange={(is) => setTruths({ ...truths, [name]: is })} />;
  return (
    <FormDialog title={text.change} wide onClose={onClose} onSave={async () => { await changeBarcodeRules(rules, draft()); await onSaved(); }}>
      {(problem) => {
        const list = (name: List) => (
          <Field label={text.lists[name]} hint={text.hints[name]} error={problem(name)}>
            {(control) => <textarea {...control} class="input" name={name} rows={2} autocapitalize="none" value={lists[name]} onInput={(event) => setLists({ ...lists, [name]: event.currentTarget.value })} />}
          </Field>
        );
        return (
          <>
            {truth("read")}
            {list("separators")}
            {truth("keep_separators")}
            <TextField label={text.prefix} name="serial_prefix" autoCapitalize="none" hint={text.prefixHint} error={problem("serial_prefix")} value={prefix} onInput={setPrefix} />
            {list("tags")}
            {truth("tags_start_documents")}
            {list("types")}
            {list("classes")}
            {list("fields")}
            {truth("drop_blank_pages")}
            <Trial draft={draft} />
          </>
        );
      }}
    </FormDialog>
  );
}

function Trial({ draft }: { draft: () => BarcodeRulesChange }) {
  const [barcode, setBarcode] = useState("");
  const [said, setSaid] = useState("");
  const text = tLater().barcodes;
  const attempt = async () => {
    try {
      setSaid(inWords(await tryBarcode(barcode, draft())));
    } catch (error) {
      setSaid(explain(error));
    }
  };
  return (
    <fieldset class="stack">
      <legend class="label">{text.trial}</legend>
      <TextField label={text.trialSays} autoCapitalize="none" hint={text.trialHint} value={barcode} onInput={setBarcode} />
      <div class="button-row"><Button disabled={barcode.trim() === ""} onClick={() => void attempt()}>{text.try}</Button></div>
      <p role="status">{said}</p>
    </fieldset>
  );
}

function gives(what: string, value: string): string {
  return `${what}: ${value}`;
}

function inWords(effect: BarcodeEffect): string {
  const text = tLater().barcodes;
  const all = [
    ...(effect.separates ? [text.separates] : []),
    ...(effect.starts_document ? [text.starts] : []),
    ...(effect.serial_number === null ? [] : [gives(text.number, String(effect.serial_number))]),
    ...(effect.serial_number_too_large ? [gives(text.number, t().panel.serialProblems.too_large)] : []),
    ...(effect.tags.length === 0 ? [] : [gives(text.lists.tags, effect.tags.join(", "))]),
    ...(effect.type === null ? [] : [gives(text.type, effect.type)]),
    ...(effect.class_code === null ? [] : [gives(text.class, effect.class_code)]),
    ...effect.fields.map(({ key, value }) => gives(key, value)),
  ];
  return all.length === 0 ? text.nothing : all.join(" · ");
}

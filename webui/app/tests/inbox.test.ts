import assert from "node:assert/strict";
import { test } from "node:test";
import type { CustomField, Document, FilingSuggestion, FoundField } from "../src/api/types";
import { carriedOver, changeBack, changeOf, draftFor, draftOf, offers, origin, ownFields, taken } from "../src/screens/inbox/draft";
import { foundFor, foundOffers } from "../src/screens/found_values";
import { nextAfter, withFiled, withFound, withReturned, withSkipped, type Queue } from "../src/screens/inbox/queue";

const paper = {
  id: 1, version: 3, title: "scan", document_date: "2026-01-31", type: null, correspondent: { id: 5, name: "Acme" }, tags: [{ id: 7, name: "2026" }], class: null, folder: null,
} as unknown as Document;

function suggestion(field: FilingSuggestion["field"], id: number, confidence: number): FilingSuggestion {
  return { field, value: { id, name: `${field} ${id}` }, confidence, rule: null, words: [], documents: [] };
}

test("a draft goes on with what is untouched as it is now", () => {
  const before = draftOf(paper);
  const now = { ...before, title: "theirs", date: "2026-02-01" };
  assert.deepEqual(carriedOver(before, { ...before, title: "mine" }, now), { ...now, title: "mine" });
  const folder = { id: 4, name: "Contracts" };
  assert.deepEqual(carriedOver(before, { ...before, folder }, { ...now, class: { id: 9, name: "1 Economy" } }), { ...now, folder, class: null });
});

test("only what is sure enough stands in the form from the beginning", () => {
  const suggestions = [suggestion("type", 2, 0.89), suggestion("class", 3, 0.9), suggestion("tag", 8, 1), suggestion("tag", 9, 0.5)];
  const draft = draftFor(paper, suggestions);
  assert.equal(draft.type, null);
  assert.equal(draft.class?.id, 3);
  assert.deepEqual(draft.tags.map(({ id }) => id), [7, 8]);
  assert.deepEqual(offers(draft, suggestions).map(({ field, value }) => `${field} ${value.id}`), ["type 2", "tag 9"]);
  assert.equal(origin("class", draft.class, suggestions)?.confidence, 0.9);
});

test("what a person has filled in is neither replaced nor offered anew", () => {
  const suggestions = [suggestion("correspondent", 6, 1), suggestion("tag", 7, 1)];
  assert.deepEqual(draftFor(paper, suggestions), draftOf(paper));
  assert.deepEqual(offers(draftOf(paper), suggestions), []);
});

test("of two for one field the likelier is offered", () => {
  assert.deepEqual(offers(draftOf(paper), [suggestion("type", 2, 0.3), suggestion("type", 4, 0.6)]).map(({ value }) => value.id), [4]);
});

test("a folder decides the class", () => {
  const draft = taken({ ...draftOf(paper), class: { id: 3, name: "3" } }, suggestion("folder", 11, 0.4));
  assert.deepEqual([draft.class, draft.folder?.id], [null, 11]);
  assert.deepEqual(changeOf(paper, draft), { folder: 11 });
  assert.deepEqual(offers(draft, [suggestion("class", 3, 0.8)]), []);
});

test("only what differs is saved, and undoing it gives back what was", () => {
  assert.deepEqual(changeOf(paper, draftOf(paper)), {});
  const draft = { ...draftOf(paper), title: " Invoice ", date: "", type: { id: 2, name: "Invoice" }, correspondent: null, tags: [], class: { id: 3, name: "3" } };
  assert.deepEqual(changeOf(paper, draft), { title: "Invoice", document_date: null, type: 2, correspondent: null, tags: [], class: 3 });
  const filed = { ...paper, title: "Invoice", document_date: null, type: { id: 2, name: "Invoice" }, correspondent: null, tags: [],
    class: { id: 3, code: "3", title: "Money" }, folder: { id: 11, title: "Case" } } as Document;
  assert.deepEqual(changeOf(filed, draftOf(paper)), { title: "scan", document_date: "2026-01-31", type: null, correspondent: 5, tags: [7], class: null, folder: null });
});

test("the queue goes round what was skipped", () => {
  const queue: Queue<{ id: number }> = { items: [{ id: 1 }, { id: 2 }, { id: 3 }], skipped: new Set(), filed: 0 };
  assert.equal(nextAfter(queue, 1)?.id, 2);
  const skipped = withSkipped(queue, 2);
  assert.equal(nextAfter(skipped, 1)?.id, 3);
  assert.equal(nextAfter(skipped, 3)?.id, 1);
  const filed = withFiled(withFiled(skipped, 1), 3);
  assert.equal(nextAfter(filed, null), null);
  assert.deepEqual([filed.items.length, filed.filed], [1, 2]);
});

test("what has left comes back at its place, and what is found joins at the end, once", () => {
  const queue: Queue<{ id: number }> = { items: [{ id: 1 }, { id: 2 }], skipped: new Set(), filed: 0 };
  const back = withReturned(withFiled(queue, 1), { id: 1 }, 0);
  assert.deepEqual(back.items.map(({ id }) => id), [1, 2]);
  assert.deepEqual(withFound(back, [{ id: 2 }, { id: 3 }]).items.map(({ id }) => id), [1, 2, 3]);
});

function field(key: string, uses: CustomField["uses"], closed = false): CustomField {
  return { id: 1, version: 1, key, name: key, kind: "text", choices: [], uses, closed, fill_from: null };
}

const invoice = { id: 2, name: "Invoice" };
const fields = [
  field("project", [{ type: null, required: false, preset: "" }]), field("amount", [{ type: invoice, required: true, preset: "0 SEK" }]),
  field("other", [{ type: { id: 9, name: "Letter" }, required: true, preset: "" }]), field("old", [{ type: null, required: true, preset: "" }], true),
];

test("the form has the fields of the chosen type, the required ones first, as they are filled in", () => {
  const bare = { ...paper, custom_fields: [] } as Document;
  const told = (draft: Parameters<typeof ownFields>[2], document = bare) =>
    ownFields(fields, document, draft).map(({ key, required, value }) => `${key} ${required ? "required " : ""}${value ?? "-"}`);
  assert.deepEqual(told(draftOf(bare)), ["project -"]);
  const chosen = { ...draftOf(bare), type: invoice };
  assert.deepEqual(told(chosen), ["amount required 0 SEK", "project -"], "what a document that gets the type begins with");
  assert.deepEqual(told({ ...chosen, fields: { amount: { value: "", shown: "" }, project: { value: "Apollo", shown: "Apollo" } } }), ["amount required -", "project Apollo"]);
  const has = { ...bare, custom_fields: [{ key: "old", name: "old", kind: "text", choices: [], required: false, closed: true, fill_from: null, value: "kept", shown: "kept", hidden: false }] } as Document;
  assert.deepEqual(told(draftOf(has), has), ["project -", "old kept"]);
});

test("fields that were filled in are sent, and taken back with the filing but where the document must have one", () => {
  const value = (key: string, kept: string | null, required = false) => ({ key, name: key, kind: "text", choices: [], required, closed: false, fill_from: null, value: kept, shown: kept ?? "", hidden: false });
  const before = { ...paper, custom_fields: [value("project", "Apollo"), value("amount", null, true)] } as Document;
  const draft = { ...draftOf(before), fields: { project: { value: " Gemini ", shown: " Gemini " }, note: { value: " ", shown: "" } } };
  assert.deepEqual(changeOf(before, draft), { custom_fields: [{ key: "project", value: "Gemini" }, { key: "note", value: null }] });
  const filed = { ...before, custom_fields: [value("project", "Gemini"), value("amount", "5 SEK"), value("note", "x")] } as Document;
  assert.deepEqual(changeBack(before, filed), { custom_fields: [{ key: "project", value: "Apollo" }, { key: "note", value: null }] });
});

function found(kind: FoundField["kind"], value: string, page = 1): FoundField {
  return { kind, value, text: value, page, box: [1, 2, 3, 4] };
}

test("what was found is offered for the empty fields that it is for, each value once and the greatest amount first", () => {
  const bill = [found("amount", "250.00 SEK"), found("amount", "1250.00 SEK"), found("amount", "250.00 SEK", 2), found("iban", "SE3550000000054910000003"), found("due_date", "2026-03-31"), found("due_date", "2026-04-30")];
  const everywhere: CustomField["uses"] = [{ type: null, required: false, preset: "" }];
  const sum: CustomField = { ...field("sum", everywhere), kind: "amount", fill_from: "amount" };
  const due: CustomField = { ...field("due", everywhere), kind: "date", fill_from: "due_date" };
  const all = [sum, due, field("note", everywhere), { ...field("old", everywhere, true), fill_from: "iban" as const }];
  const bare = { ...paper, custom_fields: [] } as Document;
  const offered = (draft: Parameters<typeof ownFields>[2], kept = bare) => foundOffers(ownFields(all, kept, draft), bill).map((offer) => `${offer.field.key} ${offer.found.value}`);
  assert.deepEqual(foundFor(sum, bill).map(({ value }) => value), ["1250.00 SEK", "250.00 SEK"]);
  assert.deepEqual(foundFor(due, bill).map(({ value }) => value), ["2026-03-31", "2026-04-30"]);
  assert.deepEqual(foundFor(field("note", everywhere), bill), []);
  assert.deepEqual(offered(draftOf(bare)), ["sum 1250.00 SEK", "due 2026-03-31"], "a closed field takes nothing");
  assert.deepEqual(offered({ ...draftOf(bare), fields: { sum: { value: "9.00 SEK", shown: "9.00 SEK" } } }), ["due 2026-03-31"], "what a person wrote stays");
  assert.deepEqual(draftFor(bare, []).fields, {}, "nothing is filled in by itself");
});

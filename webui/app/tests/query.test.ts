import assert from "node:assert/strict";
import { test } from "node:test";
import { listKey, onlyPlace, ofField, ofFieldRange, readQuery, setFilter, withoutFilters, withWords, operators } from "../src/screens/search/query";

test("the address holds the whole list", () => {
  const query = new URLSearchParams("q=rent&f.tag=urgent&x.type=Letter&sort=date&doc=4");
  assert.deepEqual(readQuery(query), {
    q: "rent", sort: "date", like: "",
    filters: [{ facet: "tag", value: "urgent", exclude: false }, { facet: "type", value: "Letter", exclude: true }],
  });
});

test("a list without words is sorted by when documents came, one with words by fit", () => {
  assert.equal(readQuery(new URLSearchParams()).sort, "added");
  assert.equal(readQuery(new URLSearchParams("q=rent")).sort, "relevance");
  assert.equal(readQuery(new URLSearchParams("sort=nonsense")).sort, "added");
});

test("a filter goes from absent to only to without to absent", () => {
  const start = new URLSearchParams("q=rent");
  const only = setFilter(start, "tag", "å & b", "only");
  assert.equal(only.get("f.tag"), "å & b");
  const without = setFilter(only, "tag", "å & b", "without");
  assert.equal(without.has("f.tag"), false);
  assert.equal(without.get("x.tag"), "å & b");
  assert.equal(setFilter(without, "tag", "å & b", "absent").toString(), "q=rent");
});

test("unknown parameters make no filters", () => {
  assert.deepEqual(readQuery(new URLSearchParams("f.password=1&f.tag=")).filters, []);
});

test("a folder narrows a list, too", () => {
  assert.deepEqual(readQuery(new URLSearchParams("q=-is:record&f.folder=12")).filters, [{ facet: "folder", value: "12", exclude: false }]);
});

test("opening a document does not make another list", () => {
  assert.equal(listKey(new URLSearchParams("q=rent&doc=1")), listKey(new URLSearchParams("q=rent&doc=2&p=3")));
  assert.notEqual(listKey(new URLSearchParams("q=rent")), listKey(new URLSearchParams("q=lease")));
  assert.equal(withoutFilters(new URLSearchParams("q=a&f.tag=b&x.type=c")).toString(), "q=a");
});

test("fields, phrases and exclusions of the words stand by themselves, and each can be left out", () => {
  const query = new URLSearchParams({ q: 'rent from -draft tag:"two words" "thirty days" created:2024', sort: "date", doc: "7" });
  const found = operators(query);
  assert.deepEqual(found.map(({ text }) => text), ["-draft", 'tag:"two words"', '"thirty days"', "created:2024"]);
  assert.equal(found[1]?.rest.get("q"), 'rent from -draft "thirty days" created:2024');
  assert.equal(found[1]?.rest.get("sort"), "date");
  assert.equal(found[1]?.rest.has("doc"), false);
  assert.deepEqual(operators(new URLSearchParams({ q: "plain words - and" })), []);
});

test("a field of the organisation's own narrows the list by words that can be taken away again", () => {
  assert.equal(ofField("project", "apollo"), "field.project:apollo");
  assert.equal(ofField("place", "Östra hamnen"), 'field.place:"Östra hamnen"');
  assert.equal(ofField("sum", ' 1234.50 "SEK" '), 'field.sum:"1234.50  SEK"');
  assert.equal(ofField("place", '  " '), "");
  assert.equal(ofFieldRange("due", "2026-01-01", ""), "field.due:2026-01-01..");
  assert.equal(ofFieldRange("due", "", ""), "");
  assert.equal(ofFieldRange("rent", "9 000", " 9 500,50 "), "field.rent:9000..9500,50");
  const narrowed = withWords(new URLSearchParams("q=rent&f.tag=3&doc=4"), ofField("place", "Östra hamnen"));
  assert.equal(narrowed.get("q"), 'rent field.place:"Östra hamnen"');
  assert.equal(narrowed.has("doc"), false);
  assert.equal(withWords(new URLSearchParams("like=4"), "rent").toString(), "q=rent");
  assert.equal(operators(narrowed)[0]?.rest.get("q"), "rent");
});

test("files go to the folder or class that a list is of", () => {
  const place = (query: string) => onlyPlace(readQuery(new URLSearchParams(query)));
  assert.deepEqual(place("f.class=3&f.tag=7&q=rent"), { field: "class", id: 3 });
  assert.deepEqual(place("f.class=3&f.folder=9"), { field: "folder", id: 9 }); // the folder is in the class
  for (const none of ["", "x.class=3", "f.class=3&f.class=4", "f.folder=nonsense"]) assert.equal(place(none), null);
});

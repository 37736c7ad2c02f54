"""Every sentence that says what is wrong with a field is there in each language that the page speaks beside English."""

import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "checks"))

from refusals import refusals  # noqa: E402

# Sentences that are on their way in a struct, and one that is put together of others.
BY_HAND = {"must be one of the field's choices", "has a kind that is not known", "line {}: {}"}
# What a check of a value says, which is asked for its sentences; what RE2 says of a pattern; a line of a plan, and a place to listen at, that
# another refused.
SAID_ELSEWHERE = {("storage/custom_values.cpp", "checked.problem"), ("ingest/rule_matching.cpp", "expression.error()"), ("records/plan_csv.cpp", "error.message()"),
                  ("scanners/mail_listening.cpp", "error.fields()")}


def keys(table):
    return {re.sub(r"\\(.)", r"\1", key) for key in re.findall(r'^  "((?:\\.|[^"\\])*)":', table.read_text(), re.M)}


def of_source(text):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "core").mkdir()
        (pathlib.Path(folder) / "core" / "some.cpp").write_text(text)
        return refusals(pathlib.Path(folder))


class Refusals(unittest.TestCase):
    def test_each_sentence_is_translated(self):
        found = refusals()
        self.assertGreater(len(found.sentences), 200)
        languages = ROOT / "webui" / "app" / "src" / "i18n"
        parts = sorted(languages.glob("refused_fields_*.ts"))
        self.assertTrue(parts)
        for table in parts + [file for file in languages.glob("*.ts") if re.fullmatch("[a-z]{2,3}", file.stem) and "const refusals" in file.read_text()]:
            missing = {sentence: sorted(found.sentences[sentence]) for sentence in set(found.sentences) - keys(table)}
            self.assertEqual(missing, {}, f"{table.name} does not say these")
        for table in parts:
            self.assertEqual(keys(table) - set(found.sentences) - BY_HAND, set(), f"{table.name} says what the server never does")

    def test_every_way_is_followed(self):
        found = refusals()
        self.assertEqual({(place.split(":")[0], expression) for place, expression in found.unfollowed}, SAID_ELSEWHERE)

    def test_sentences_are_found_where_they_are_made_and_passed_on(self):
        found = of_source("""
constexpr std::string_view kRight = "as it must be";
void refuse(const std::string& pointer, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, "no: " + right, {{pointer, right}});
}
void one() {
  throw Error(ErrorCode::conflict, "taken", {{"/name", "choose another"}});  // {{"/name", "a comment"}}
}
void two(bool much) {
  const std::string why = much ? "too much, " + std::to_string(kMost) + " at most" : "too \\"little\\"";
  refuse("/size", why);
  refuse("/kind", kRight);
}
""")
        self.assertEqual(set(found.sentences), {"choose another", "too much, {} at most", 'too "little"', "as it must be"})
        self.assertEqual(found.unfollowed, [])

    def test_what_cannot_be_followed_is_told(self):
        found = of_source("""
void one() {
  throw Error(ErrorCode::conflict, "taken", {{"/name", reason_of(it)}});
}
""")
        self.assertEqual(found.unfollowed, [("core/some.cpp:3", "reason_of(it)")])


if __name__ == "__main__":
    unittest.main()

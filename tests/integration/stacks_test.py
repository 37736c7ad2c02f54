"""Stacks of paper through the built program: split by barcodes, filed, found, put together anew, and nothing lost."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
import page_pictures  # noqa: E402
import paper  # noqa: E402
from service import Service, until  # noqa: E402

FIRST = "The lease of the northern warehouse begins in March and ends in December."
SECOND = "The minutes of the harbour committee were approved without any remarks."
THIRD = "An offer for the repair of the old roof, valid until the end of summer."


class Stacks(unittest.TestCase):
    def setUp(self):
        self.service = Service().start()
        self.addCleanup(self.service.__exit__)
        self.ok = self.service.ok
        self.service.sign_in()

    def add(self, name, pages):
        answer = self.service.upload(name, paper.pdf(pages))
        self.assertEqual(202, answer.status, answer.body)
        self.assertEqual("done", self.service.wait_for_job(answer.json["job"])["state"])
        return answer.json["id"]

    def read(self, number):
        """The document once it can be found."""
        def ready():
            document = self.service.document(number)
            return document if document["state"] == "ready" and document["job"] is None else None
        return until(ready, f"document {number} is read")

    def found(self, query):
        return [item["id"] for item in self.service.search(query)["items"]]

    def stack(self):
        return self.add("stack.pdf", [
            paper.words(FIRST) + paper.bars("ASN00041"), paper.words("Its second page has words too."),
            paper.bars("PATCHT"), paper.words(SECOND), paper.words(THIRD) + paper.bars("ASN00042")])

    def test_a_stack_becomes_documents_and_comes_back(self):
        number = self.stack()
        stack = self.service.document(number)
        self.assertIsNotNone(stack["replaced_at"])
        first, second, third = [self.read(part) for part in stack["made_into"]]
        self.assertEqual([2, 1, 1], [part["page_count"] for part in (first, second, third)])
        self.assertEqual(41, first["serial_number"]["number"])
        self.assertIsNone(second["serial_number"])
        self.assertEqual(42, third["serial_number"]["number"])
        until(lambda: self.found("asn:41") == [first["id"]], "the number is found")
        until(lambda: self.found("warehouse") == [first["id"]], "the part is found, the stack is not")
        self.assertTrue(self.ok("GET", f"/documents/{second['id']}/original").startswith(b"%PDF"))
        self.assertIn(SECOND, " ".join(self.ok("GET", f"/documents/{second['id']}/text").decode().split()))
        self.assertGreater(len(self.ok("GET", f"/documents/{third['id']}/pages/1/image?w=400")), 500)
        listed = [item["id"] for item in self.service.ask("GET", "/documents").json["items"]]
        self.assertNotIn(number, listed)
        self.assertEqual([number], [item["id"] for item in self.service.ask("GET", "/replaced").json["items"]])

        answer = self.service.ask("POST", f"/documents/{first['id']}/undo-assembly")
        self.assertEqual([number], answer.json["documents"], answer.body)
        until(lambda: self.found("warehouse") == [number], "the stack is back")

    def test_the_programs_own_sheets_and_labels_are_read(self):
        sheets = self.ok("GET", "/separator-sheets.pdf?count=2")
        stack = page_pictures.joined([paper.pdf([paper.words(FIRST)]), sheets, paper.pdf([paper.words(SECOND)])])
        answer = self.service.upload("stack.pdf", stack)
        self.service.wait_for_job(answer.json["job"])
        parts = self.service.document(answer.json["id"])["made_into"]
        self.assertEqual([1, 1], [self.read(part)["page_count"] for part in parts])
        self.assertNotIn("page_read_without_barcodes", self.service.log_text())
        labels = self.ok("GET", "/serial-labels.pdf?first=7&count=1&sheet=label-62x29")
        answer = self.service.upload("label.pdf", labels)
        self.service.wait_for_job(answer.json["job"])
        self.assertEqual(7, self.read(answer.json["id"])["serial_number"]["number"])
        following = self.ok("GET", "/serial-labels.pdf?count=1&sheet=label-62x29")
        answer = self.service.upload("next.pdf", following)
        self.service.wait_for_job(answer.json["job"])
        self.assertEqual(8, self.read(answer.json["id"])["serial_number"]["number"])

    def test_foreign_and_taken_barcodes_stop_nothing(self):
        one = self.add("one.pdf", [paper.words(FIRST) + paper.bars("ASN5")])
        two = self.add("two.pdf", [paper.words(SECOND) + paper.bars("ASN5")])
        three = self.add("three.pdf", [paper.words(THIRD) + paper.bars("ASN99999999999")])
        head_and_foot = self.add("four.pdf", [paper.words(THIRD) + paper.bars("ASN6") + paper.bars("ASN6", bottom=60.0)])
        self.assertEqual(6, self.read(head_and_foot)["serial_number"]["number"])
        self.assertEqual(5, self.read(one)["serial_number"]["number"])
        self.assertEqual("taken", self.read(two)["serial_number"]["problem"])
        self.assertEqual("too_large", self.read(three)["serial_number"]["problem"])

    def test_two_passes_are_collated_and_pages_put_together(self):
        fronts = self.add("fronts.pdf", [paper.words(f"This is front number {n} of the paper.") for n in (1, 2, 3)])
        backs = self.add("backs.pdf", [paper.words(f"This is back number {n} of the paper.") for n in (2, 1)])
        answer = self.service.ask("POST", "/pages/collate", {"fronts": fronts, "backs": backs})
        self.assertEqual(201, answer.status, answer.body)
        whole = self.read(answer.json["documents"][0])
        text = " ".join(self.ok("GET", f"/documents/{whole['id']}/text").decode().split())
        places = [text.index(part) for part in
                  ("front number 1", "back number 1", "front number 2", "back number 2", "front number 3")]
        self.assertEqual(sorted(places), places)
        answer = self.service.ask("POST", "/pages/assemble", {"documents": [
            {"title": "Turned", "pages": [{"document": whole["id"], "page": 2, "turn": 180}]},
            {"pages": [{"document": whole["id"], "page": 5}, {"document": whole["id"], "page": 1}]}]})
        turned, rest = [self.read(made) for made in answer.json["documents"]]
        self.assertEqual("Turned", turned["title"])
        self.assertIn("back number 1", " ".join(self.ok("GET", f"/documents/{turned['id']}/text").decode().split()))
        self.assertEqual(2, rest["page_count"])


if __name__ == "__main__":
    unittest.main()

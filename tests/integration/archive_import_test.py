"""An existing archive comes in with what it knew: a list beside the files, and an export of paperless-ngx."""

import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
from service import Service, until  # noqa: E402


class ArchiveImport(unittest.TestCase):
    def setUp(self):
        self.service = Service().start()
        self.addCleanup(self.service.__exit__)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)

    def api(self, operation, **fields):
        return json.loads(self.service.command("api", operation, *(f"{name}={value}" for name, value in fields.items())).stdout)

    def documents(self, count):
        """By title, as soon as there are so many."""
        until(lambda: self.api("documents", limit=50)["total"] == count, f"{count} documents")
        found = {}
        for item in self.api("documents", limit=50)["items"]:
            document = self.api("document", id=item["id"])
            found[document["title"]] = document
        return found

    def test_a_list_and_its_files(self):
        node = self.api("create_class", code="3.1", title="Invoices")
        self.api("create_custom_field", key="project", name="Project", kind="text", uses='[{"type":null}]')
        (self.folder / "2024").mkdir()
        (self.folder / "2024" / "rent.txt").write_text("The rent of March")
        (self.folder / "boat.txt").write_text("A boat is sold")
        (self.folder / "list.csv").write_text(
            "file,title,date,type,correspondent,tags,class,folder,serial_number,note,field.project\n"
            "2024/rent.txt,Rent of March,2024-03-05,Invoice,Harbour Board,urgent;rent,3.1,2024,17,Ask Berit,Apollo\n"
            "boat.txt,The boat,,,,,,,,,\n")
        self.assertIn("2 documents", self.service.command("import", "--check", "--list", self.folder / "list.csv").stdout)
        self.assertEqual({}, self.documents(0))
        self.assertIn("2 taken in, 0 there", self.service.command("import", "--list", self.folder / "list.csv").stdout)
        rent = self.documents(2)["Rent of March"]
        self.assertEqual(("2024-03-05", "Invoice", "Harbour Board"), (rent["document_date"], rent["type"]["name"], rent["correspondent"]["name"]))
        self.assertEqual(["rent", "urgent"], sorted(tag["name"] for tag in rent["tags"]))
        self.assertEqual((node["id"], "2024", 17), (rent["class"]["id"], rent["folder"]["title"], rent["serial_number"]["number"]))
        self.assertEqual("Apollo", rent["custom_fields"][0]["value"])
        again = self.service.command("import", "--list", self.folder / "list.csv").stdout
        self.assertIn("0 taken in, 2 there already, 0 with a problem", again)
        self.assertEqual(1, len(self.api("notes", id=rent["id"])["items"]))

    def test_a_line_that_cannot_be_does_not_stop_the_others(self):
        (self.folder / "a.txt").write_text("a document")
        (self.folder / "b.txt").write_text("another document")
        (self.folder / "list.csv").write_text("file,title,class\na.txt,A,9.9\nb.txt,B,\n")
        done = self.service.command("import", "--list", self.folder / "list.csv", expect=1)
        self.assertIn("line 2", done.stderr)
        self.assertIn("there is no class 9.9", done.stderr)
        self.assertEqual(["B"], list(self.documents(1)))

    def test_an_export_of_paperless(self):
        (self.folder / "invoice.txt").write_text("An invoice for a crane")
        (self.folder / "answer.txt").write_text("An answer to it")
        (self.folder / "manifest.json").write_text(json.dumps([
            {"model": "documents.tag", "pk": 1, "fields": {"name": "urgent"}},
            {"model": "documents.customfield", "pk": 4, "fields": {"name": "Sum", "data_type": "monetary"}},
            {"model": "documents.customfield", "pk": 6, "fields": {"name": "Answers", "data_type": "documentlink"}},
            {"model": "documents.storagepath", "pk": 9, "fields": {"name": "By year"}},
            {"model": "documents.document", "pk": 13, "__exported_file_name__": "answer.txt",
             "fields": {"title": "Answer", "created": "2024-04-01", "tags": []}},
            {"model": "documents.document", "pk": 12, "__exported_file_name__": "invoice.txt",
             "fields": {"title": "Crane", "created": "2024-03-05", "tags": [1], "archive_serial_number": 77}},
            {"model": "documents.note", "pk": 1, "fields": {"note": "Ask Berit", "document": 12}},
            {"model": "documents.customfieldinstance", "pk": 1, "fields": {"document": 12, "field": 4, "value_monetary": "SEK1250.50"}},
            {"model": "documents.customfieldinstance", "pk": 3, "fields": {"document": 13, "field": 6, "value_document_ids": [12]}},
        ]))
        done = self.service.command("import", "--paperless", self.folder)
        self.assertIn("2 taken in", done.stdout)
        self.assertIn("1 storagepath", done.stderr)
        documents = self.documents(2)
        crane, answer = documents["Crane"], documents["Answer"]
        self.assertEqual(("2024-03-05", 77, ["urgent"]), (crane["document_date"], crane["serial_number"]["number"], [tag["name"] for tag in crane["tags"]]))
        self.assertEqual({"sum": "1250.50 SEK"}, {field["key"]: field["value"] for field in crane["custom_fields"] if field["value"]})
        self.assertEqual({"answers": str(crane["id"])}, {field["key"]: field["value"] for field in answer["custom_fields"] if field["value"]})


if __name__ == "__main__":
    unittest.main()

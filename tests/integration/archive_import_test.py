"""An existing archive comes in with what it knew: a list beside the files, and an export of paperless-ngx."""

import base64
import io
import json
import pathlib
import sys
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
from archives import zipped  # noqa: E402
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
        preview = self.service.command("import", "--preview", "--list", self.folder / "list.csv").stdout
        self.assertIn("2 documents can be taken in, 0 of them are there already, 0 have a problem", preview)
        self.assertIn('new types (1): "Invoice"', preview)
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

    def test_a_column_that_is_not_understood_is_told_before_anything_comes_in(self):
        (self.folder / "a.txt").write_text("a document")
        (self.folder / "list.csv").write_text("file,titel\na.txt,A\n")
        done = self.service.command("import", "--list", self.folder / "list.csv", expect=1)
        self.assertIn('"titel"', done.stderr)
        self.assertEqual({}, self.documents(0))

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


class SentArchive(unittest.TestCase):
    """The same over the API: sent, looked over, taken in."""

    def setUp(self):
        self.service = Service()
        self.addCleanup(self.service.__exit__)
        self.service.start()
        self.service.sign_in()

    def send(self, content, name="archive.zip"):
        """In two pieces; the import, as soon as it was looked over."""
        fields = {"filename": name, "purpose": "archive-import"}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items())
        tus = {"Tus-Resumable": "1.0.0"}
        begun = self.service.request("POST", "/api/v1/uploads", headers={**tus, "Upload-Length": str(len(content)), "Upload-Metadata": metadata})
        self.assertEqual(201, begun.status, begun.body)
        upload = begun.headers["Location"]
        half = len(content) // 2
        for offset, piece in ((0, content[:half]), (half, content[half:])):
            sent = self.service.request("PATCH", upload, piece, headers={**tus, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"})
            self.assertEqual(204, sent.status, sent.body)
        self.assertNotIn("Muniment-Document", sent.headers)
        return self.over(self.service.ok("POST", "/archive-imports", {"upload": upload.rsplit("/", 1)[1]})["id"])

    def import_of(self, number):
        return self.service.ok("GET", f"/archive-imports/{number}")

    def over(self, number):
        """The import, when its job is over."""
        until(lambda: self.import_of(number)["job"]["state"] not in ("queued", "running"), f"the end of import {number}")
        return self.import_of(number)

    def start(self, number):
        self.service.ok("POST", f"/archive-imports/{number}/start")
        return self.over(number)

    def until_there_are(self, count):
        until(lambda: self.service.ok("GET", "/documents")["total"] == count, f"{count} documents")

    def files_left(self):
        return list((self.service.data / "tmp" / "uploads").iterdir())

    def test_a_zip_file_with_a_list(self):
        self.service.upload("there.txt", b"It was there before")
        sent = self.send(zipped({
            "old/list.csv": "file,title,type,colour,class\nletters/a.txt,A letter,Letter,red,\nthere.txt,There,,,\ngone.txt,,,,\nb.txt,B,,,7\n",
            "old/letters/a.txt": "Dear all", "old/there.txt": "It was there before", "old/b.txt": "Another", "old/forgotten.txt": "Nobody names me",
        }))
        self.assertEqual(("preview", "done"), (sent["stage"], sent["job"]["state"]), sent)
        preview = sent["preview"]
        self.assertEqual((4, 1, 2, ["colour"]), (preview["documents"], preview["there_already"], preview["problems"], preview["unknown_columns"]))
        self.assertEqual(["Letter"], preview["new_types"]["names"])
        self.assertEqual(["old/forgotten.txt, which is not on the list"], preview["left_out"])
        self.until_there_are(1)
        self.service.ok("POST", "/classes", {"code": "7", "title": "Sevens"})
        self.service.ok("POST", f"/archive-imports/{sent['id']}/preview")
        self.assertEqual(1, self.over(sent["id"])["preview"]["problems"])
        done = self.start(sent["id"])
        self.assertEqual((2, 1, 1), (done["taken_in"], done["there_already"], done["refused"]))
        refused = self.service.ok("GET", f"/archive-imports/{sent['id']}/documents?outcome=refused")["items"]
        self.assertEqual([("line 4", "there is no file old/gone.txt")], [(one["place"], one["problem"]) for one in refused])
        self.assertIn(b"letters/a.txt", self.service.ok("GET", f"/archive-imports/{sent['id']}/documents?format=csv"))
        self.assertEqual([], self.files_left())
        self.assertEqual(409, self.service.ask("POST", f"/archive-imports/{sent['id']}/start").status)
        self.service.ok("DELETE", f"/archive-imports/{sent['id']}")
        self.until_there_are(3)

    def test_an_export_of_paperless_as_a_tar_file(self):
        content = io.BytesIO()
        files = {"invoice.txt": "An invoice for a crane", "manifest.json": json.dumps([
            {"model": "documents.customfield", "pk": 4, "fields": {"name": "Sum", "data_type": "monetary"}},
            {"model": "documents.document", "pk": 12, "__exported_file_name__": "invoice.txt",
             "fields": {"title": "Crane", "created": "2024-03-05", "tags": [], "content": "An invoice"}},
            {"model": "documents.customfieldinstance", "pk": 1, "fields": {"document": 12, "field": 4, "value_monetary": "SEK1250.50"}}])}
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for path, text in files.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text.encode()))
        sent = self.send(content.getvalue(), "export.tar.gz")
        self.assertEqual("paperless", sent["preview"]["kind"], sent)
        self.assertEqual(["Sum"], [field["name"] for field in sent["preview"]["new_fields"]])
        self.assertEqual(1, self.start(sent["id"])["taken_in"])
        item = self.service.ok("GET", f"/archive-imports/{sent['id']}/documents")["items"][0]
        fields = self.service.document(item["document"])["custom_fields"]
        self.assertEqual(["1250.50 SEK"], [field["value"] for field in fields])

    def test_what_is_no_archive_is_refused_with_its_reason(self):
        for content in (b"PK\x03\x04 nothing", b"Some words", zipped({"a.txt": "no list"}), zipped({"../list.csv": "file\n../../x\n"})):
            sent = self.send(content)
            if sent["job"]["state"] == "failed":
                self.assertTrue(sent["job"]["problem"]["detail"])
            else:
                self.assertEqual(1, sent["preview"]["problems"], sent)
            self.service.ok("DELETE", f"/archive-imports/{sent['id']}")
        self.assertEqual([], self.files_left())

    def test_a_kill_in_the_middle_loses_and_doubles_nothing(self):
        count = 150
        names = [f"{number}.txt" for number in range(count)]
        sent = self.send(zipped({"list.csv": "file,note\n" + "".join(f"{name},From the old archive\n" for name in names),
                                 **{name: f"Letter {name} of many" for name in names}}))
        self.service.ok("POST", f"/archive-imports/{sent['id']}/start")
        until(lambda: self.import_of(sent["id"])["taken_in"] > 0, "the first documents")
        self.service.kill()
        self.service.start()
        done = self.over(sent["id"])
        self.assertEqual(("done", count, 0, 0), (done["job"]["state"], done["taken_in"], done["there_already"], done["refused"]), done)
        self.until_there_are(count)
        items = self.service.ok("GET", f"/archive-imports/{sent['id']}/documents?limit=200")["items"]
        self.assertEqual(count, len({item["document"] for item in items}))
        self.assertEqual(1, len(self.service.ok("GET", f"/documents/{items[-1]['document']}/notes")["items"]))

    def test_limits_and_rights(self):
        self.service.stop()
        self.service.environment["MUNIMENT_IMPORT_COUNT"] = "2"
        self.service.start()
        sent = self.send(zipped({f"{number}.txt": "x" for number in range(3)}))
        self.assertIn("import.count", sent["job"]["problem"]["detail"])
        self.service.sign_in("staff", "berit")
        self.assertEqual(403, self.service.ask("GET", "/archive-imports").status)


if __name__ == "__main__":
    unittest.main()

"""Transfer through the built program: from one Muniment to another, until the first has nothing left."""

import hashlib
import io
import json
import pathlib
import re
import sys
import unittest
import zipfile

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
import eark_package  # noqa: E402
from service import Service, until  # noqa: E402


def altered(package, change):
    """The zip file anew, after `change` had its files by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def replaced(name, old, new):
    """A change that has `new` in place of the first `old` in the file of that name highest up."""
    def change(files):
        path = min((path for path in files if path.endswith("/" + name)), key=len)
        content, found = re.subn(old, new, files[path].decode(), count=1)
        assert found, f"{name} has no {old}"
        files[path] = content.encode()
    return change


# What the schemas refuse: in which file, what it would have, in place of what. docs/transfer.md says how that was found out.
INVALID = (
    ("METS.xml", ' LOCTYPE="URL"', ""), ("METS.xml", 'LOCTYPE="URL"', 'LOCTYPE="file"'),
    ("METS.xml", 'CHECKSUMTYPE="SHA-256"', 'CHECKSUMTYPE="SHA256"'), ("METS.xml", 'MDTYPE="OTHER"', 'MDTYPE="ERMS"'),
    ("METS.xml", r'CREATED="(\S+)Z"', 'CREATED="yesterday"'), ("METS.xml", r'SIZE="\d+"', 'SIZE="large"'),
    ("METS.xml", 'dmdSec ID="erms"', "dmdSec"), ("METS.xml", 'ID="erms"', 'ID="1-erms"'),
    ("METS.xml", 'OAISPACKAGETYPE="SIP"', 'OAISPACKAGETYPE="TRANSFER"'), ("METS.xml", 'ROLE="OTHER"', 'ROLE="SUBMITTER"'),
    ("METS.xml", r"(?s)( *<dmdSec.*?</dmdSec>\n)( *<amdSec.*?</amdSec>\n)", r"\2\1"),
    ("METS.xml", r"(?s)<structMap.*</structMap>", ""), ("METS.xml", 'xlink:type="simple"', 'xlink:type="url"'),
    ("METS.xml", "<fptr ", '<fptr LABEL="x" '), ("METS.xml", "<name>", "<title>x</title><name>"),
    ("premis.xml", ' version="3.0"', ""), ("premis.xml", ' xsi:type="file"', ""), ("premis.xml", r"<size>\d+", "<size>large"),
    ("premis.xml", r"(?s) *<format>.*?</format>\n", ""), ("premis.xml", r" *<eventDateTime>.*\n", ""),
    ("premis.xml", r"(?s)( *<event>.*</event>\n)( *<agent>.*</agent>\n)", r"\2\1"),
    ("premis.xml", r"(?s) *<object .*</object>\n", ""), ("premis.xml", "<eventOutcome>", "<outcome/><eventOutcome>"),
    ("ERMS.xml", 'dateType="captured"', 'dateType="added"'), ("ERMS.xml", r"T[\d:.]+Z?</date>", "</date>"),
    ("ERMS.xml", 'OrDigital="digitial"', 'OrDigital="digital"'), ("ERMS.xml", ' disposable="true"', ""),
    ("ERMS.xml", r"(?s)( *<title>[^\n]*\n)( *<disposal .*?</disposal>\n)", r"\2\1"), ("ERMS.xml", ' agentType="counterpart"', ""),
    ("ERMS.xml", r'(noteDate="\d+-\d+-\d+)T[^"]*', r"\1"), ("ERMS.xml", r'<appendix name="[^"]*"', "<appendix"),
    ("ERMS.xml", 'aggregationType="caseFile"', 'aggregationType="folder"'), ("ERMS.xml", r" *<objectId>folder.*\n", ""),
    ("ERMS.xml", 'status value="open"', 'status value="active"'), ("ERMS.xml", "<keyword>", "x<keyword>"),
    ("ERMS.xml", r"(?s) *<maintenanceHistory>.*</maintenanceHistory>\n", ""),
)


class Transfer(unittest.TestCase):
    def setUp(self):
        self.sender = self.started(demonstration="yes", transfer_organisation="The Harbour Board")
        self.receiver = self.started(transfer_organisation="The City Archives")
        self.sender.ok("POST", "/accounts",
                {"name": "berit", "role": "records-manager", "password": "a long enough password"})
        self.other = self.sender.command("token", "create", "berit").stdout.strip()
        schedule = self.sender.ok("POST", "/schedules", {
            "code": "T2", "title": "To the city", "triggers": [{"kind": "captured"}], "combine": "all",
            "cutoff": "none", "fiscal_start": 1, "period": "2 years", "action": "transfer", "kind": "minimum",
            "authority": "A decision"})
        node = self.sender.ok("POST", "/classes", {"code": "3.1", "title": "Minutes", "schedule": schedule["id"]})
        self.node = node["id"]
        folder = self.sender.ok("POST", "/folders", {"class": self.node, "title": 'Pier 4 & "quay" <north>'})
        self.folder = folder["id"]

    def started(self, **settings):
        service = Service(**settings).start()
        self.addCleanup(service.__exit__)
        service.sign_in()
        return service

    def declared(self, name, content, **change):
        answer = self.sender.upload(name, content)
        self.sender.wait_for_job(answer.json["job"])
        number = answer.json["id"]
        version = self.sender.ok("GET", f"/documents/{number}")["version"]
        self.sender.ok("PATCH", f"/documents/{number}", change, version=version)
        self.sender.ok("POST", "/records", {"documents": [number]})
        return number

    def handed_over(self, numbers, **choice):
        self.sender.ok("PUT", "/retention/today", {"today": "2040-01-01"})
        batch = self.sender.ok("POST", "/dispositions",
                        {"title": "Old minutes", "action": "transfer", "documents": numbers, **choice})
        path = f"/dispositions/{batch['id']}"
        batch = self.sender.ok("POST", path + "/approve", {}, version=batch["version"], token=self.other)
        self.sender.ok("POST", path + "/execute", version=batch["version"])
        until(lambda: self.sender.ok("GET", path)["state"] == "executed", "execution")
        return batch["id"]

    def outcomes(self, batch):
        items = self.sender.ok("GET", f"/dispositions/{batch}/records")["items"]
        return {item["id"]: item["outcome"] for item in items}

    def imported(self, package):
        return self.receiver.request("POST", "/api/v1/imports", package, headers={"Content-Type": "application/zip"})

    def test_from_one_archive_to_another(self):
        correspondent = self.sender.ok("POST", "/correspondents", {"name": "Bolaget & Söner"})["id"]
        tag = self.sender.ok("POST", "/tags", {"name": "hamn"})["id"]
        filed = self.declared("protokoll åäö.pdf", demo_documents.pdf([["Minutes of the meeting about pier four"]]),
                              folder=self.folder, title="Protokoll <1> & annat", document_date="2020-05-10",
                              correspondent=correspondent, tags=[tag])
        plain = self.declared("note.txt", b"A note that somebody kept", **{"class": self.node})
        self.sender.ok("POST", f"/documents/{filed}/notes", {"text": "Seen by the board"})
        for service in (self.sender, self.receiver):
            service.ok("POST", "/custom-fields",
                       {"key": "case-number", "name": "Case number", "kind": "text", "uses": [{"type": None}]})
        self.sender.ok("POST", "/custom-fields", {"key": "ward", "name": "Ward", "kind": "text", "uses": [{"type": None}]})
        self.sender.ok("PATCH", f"/documents/{filed}",
                       {"custom_fields": [{"key": "case-number", "value": "12/2026"}, {"key": "ward", "value": "North"}]},
                       version=self.sender.ok("GET", f"/documents/{filed}")["version"])
        related = self.sender.request("PUT", f"/api/v1/documents/{plain}/relations/answers/{filed}")
        self.assertIn(related.status, (200, 204), related.body)
        self.sender.ok("POST", "/retention-events",
                       {"name": "adopted", "date": "2026-01-31", "documents": [filed], "folders": []})
        batch = self.handed_over([filed, plain])
        self.assertEqual({filed: "transferring", plain: "transferring"}, self.outcomes(batch))
        self.assertEqual(200, self.sender.request("GET", f"/api/v1/documents/{filed}").status)
        again = self.sender.ask("POST", f"/documents/{filed}/retry")
        self.assertEqual((409, True), (again.status, "handed over" in again.json["detail"]), "its text stays as it is")

        file = self.sender.data.parent / "package.zip"
        self.sender.command("transfer", "package", batch, "-o", file)
        content = file.read_bytes()
        told = self.sender.ok("GET", f"/dispositions/{batch}/transfer")["package"]
        self.assertEqual(told["sha256"], hashlib.sha256(content).hexdigest())
        package = eark_package.Package(content)
        self.assertEqual([], package.check())
        self.assertEqual(told["id"], package.id)
        for name, old, new in INVALID:
            with self.subTest(f"{name}: {old}"):
                self.assertTrue(eark_package.Package(altered(content, replaced(name, old, new))).structure_faults())

        # Taken in where its class is, and where it is not.
        node = self.receiver.ok("POST", "/classes", {"code": "3.1", "title": "Minutes here"})["id"]
        receipt = self.receiver.data.parent / "receipt.json"
        self.receiver.command("transfer", "import", file, "-o", receipt)
        received = json.loads(receipt.read_text())
        self.assertEqual("The City Archives", received["received_by"])
        self.assertEqual({"taken-in"}, {document["outcome"] for document in received["documents"]})
        ids = {document["source_id"]: document["id"] for document in received["documents"]}
        there = self.receiver.ok("GET", f"/documents/{ids[str(filed)]}")
        self.assertEqual("Protokoll <1> & annat", there["title"])
        self.assertEqual("2020-05-10", there["document_date"])
        self.assertEqual("Bolaget & Söner", there["correspondent"]["name"])
        self.assertEqual(["hamn"], [one["name"] for one in there["tags"]])
        self.assertEqual(node, there["class"]["id"])
        self.assertEqual('Pier 4 & "quay" <north>', there["folder"]["title"])
        self.assertEqual("protokoll åäö.pdf", there["filename"])
        notes = self.receiver.ok("GET", f"/documents/{there['id']}/notes")["items"]
        self.assertIn("Seen by the board", {note["text"] for note in notes})
        self.assertTrue(any(package.id in note["text"] for note in notes))
        self.assertEqual({"case-number": "12/2026"},
                         {one["key"]: one["value"] for one in there["custom_fields"] if one["value"]})
        self.assertIn("Fields there: Ward: North", {note["text"] for note in notes})
        self.assertIn("Events there: adopted 2026-01-31", {note["text"] for note in notes})
        related = self.receiver.ok("GET", f"/documents/{ids[str(plain)]}/relations")["items"]
        self.assertEqual([("answers", there["id"])], [(one["kind"], one["document"]["id"]) for one in related])
        self.assertEqual(1, len(self.receiver.ok("GET", f"/documents/{there['id']}/versions")["items"]))
        original = self.receiver.request("GET", f"/api/v1/documents/{there['id']}/original").body
        self.assertEqual(self.sender.request("GET", f"/api/v1/documents/{filed}/original").body, original)
        again = self.imported(content).json["receipt"]
        self.assertEqual({"duplicate"}, {document["outcome"] for document in again["documents"]})

        own = self.sender.request("POST", "/api/v1/imports", content, headers={"Content-Type": "application/zip"})
        self.assertEqual(409, own.status, "it would state that somebody else has the records")

        # A receipt that says otherwise is refused, and nothing has gone.
        wrong = json.loads(receipt.read_text())
        wrong["files"][0]["sha256"] = hashlib.sha256(b"another").hexdigest()
        (self.sender.data.parent / "wrong.json").write_text(json.dumps(wrong))
        refused = self.sender.command("transfer", "receipt", batch, self.sender.data.parent / "wrong.json", expect=1)
        self.assertIn(wrong["files"][0]["path"], refused.stderr)
        self.assertEqual({"transferring"}, set(self.outcomes(batch).values()))

        self.sender.command("transfer", "receipt", batch, receipt)
        until(lambda: set(self.outcomes(batch).values()) == {"transferred"}, "their going")
        self.assertEqual(404, self.sender.request("GET", f"/api/v1/documents/{filed}").status)
        self.assertEqual("The City Archives", self.sender.ok("GET", f"/tombstones/{filed}")["transferred_to"])
        self.sender.ok("PUT", "/retention/today", {"today": "2040-03-01"})
        until(lambda: set(self.outcomes(batch).values()) == {"purged"}, "the purge")
        until(lambda: self.sender.ok("GET", f"/tombstones/{filed}")["verified_at"], "the check of the purge")
        self.assertEqual([], list((self.sender.data / "transfers").glob("*.zip")))
        self.sender.command("verify")
        self.receiver.command("verify")

    def test_versions_come_back_as_versions(self):
        answer = self.sender.upload("draft.txt", b"The first draft of the minutes")
        self.sender.wait_for_job(answer.json["job"])
        number = answer.json["id"]
        new = self.sender.upload("final.txt", b"The final wording of the minutes",
                                 path=f"/documents/{number}/versions", comment="As adopted",
                                 version=self.sender.ok("GET", f"/documents/{number}")["version"])
        self.assertEqual(202, new.status, new.body)
        self.sender.wait_for_job(new.json["job"])
        self.sender.ok("POST", f"/documents/{number}/versions/1/labels", {"label": "Sent out"})
        version = self.sender.ok("GET", f"/documents/{number}")["version"]
        self.sender.ok("PATCH", f"/documents/{number}", {"class": self.node}, version=version)
        self.sender.ok("POST", "/records", {"documents": [number]})
        batch = self.handed_over([number])
        file = self.sender.data.parent / "package.zip"
        self.sender.command("transfer", "package", batch, "-o", file)
        package = eark_package.Package(file.read_bytes())
        self.assertEqual([], package.check())
        data = {path: content for path, content in package.files.items() if "/original/data/" in path}
        self.assertEqual({f"representations/original/data/{number:08}-v1-1.txt": b"The first draft of the minutes",
                          f"representations/original/data/{number:08}-1.txt": b"The final wording of the minutes"}, data)

        # As a folder, whose files come in an order of their own.
        folder = self.sender.data.parent / "unpacked"
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
        received = json.loads(self.receiver.command("transfer", "import", "--json", folder / package.id).stdout)
        there = received["documents"][0]["id"]
        versions = self.receiver.ok("GET", f"/documents/{there}/versions")["items"]
        self.assertEqual(["final.txt", "draft.txt"], [one["file"]["filename"] for one in versions])
        self.assertIn("As adopted", versions[0]["comment"])
        self.assertEqual(["Sent out"], [one["label"] for one in versions[1]["labels"]])
        first = self.receiver.request("GET", f"/api/v1/documents/{there}/versions/1/original").body
        self.assertEqual(b"The first draft of the minutes", first)
        again = self.imported(file.read_bytes()).json["receipt"]
        self.assertEqual([("duplicate", there)], [(one["outcome"], one["id"]) for one in again["documents"]])

    def test_an_export_tells_what_was_destroyed_there(self):
        schedule = self.sender.ok("POST", "/schedules", {
            "code": "D2", "title": "Not needed", "triggers": [{"kind": "captured"}], "combine": "all", "cutoff": "none",
            "fiscal_start": 1, "period": "2 years", "action": "destroy", "kind": "minimum", "authority": "Decision 2"})
        below = self.sender.ok("POST", "/classes", {"code": "3.1.1", "title": "Drafts", "parent": self.node,
                                                    "schedule": schedule["id"]})
        gone = self.declared("draft.txt", b"A draft that nobody needs", **{"class": below["id"]})
        kept = self.declared("note.txt", b"A note that somebody kept", folder=self.folder)
        self.sender.ok("PUT", "/retention/today", {"today": "2040-01-01"})
        batch = self.sender.ok("POST", "/dispositions", {"title": "Drafts", "action": "destroy", "documents": [gone]})
        path = f"/dispositions/{batch['id']}"
        batch = self.sender.ok("POST", path + "/approve", {}, version=batch["version"], token=self.other)
        self.sender.ok("POST", path + "/execute", version=batch["version"])
        until(lambda: self.sender.ok("GET", path)["state"] == "executed", "execution")
        file = self.sender.data.parent / "class.zip"
        self.sender.command("transfer", "export", "--class", self.node, "-o", file)
        package = eark_package.Package(file.read_bytes())
        self.assertEqual([], package.check())
        self.assertEqual(["3.1.1"], [row["class"] for row in package.destroyed().values()])
        self.assertEqual({gone}, set(package.destroyed()))
        self.assertTrue(any(f"{kept:08}" in name for name in package.files))
        self.assertEqual(201, self.imported(file.read_bytes()).status)
        folder = self.sender.request("POST", "/api/v1/exports", {"folders": [self.folder]}).body
        self.assertIsNone(eark_package.Package(folder).destroyed(), "nothing was destroyed there")

    def test_what_is_due_is_kept_when_the_transfer_is_cancelled(self):
        number = self.declared("note.txt", b"A note that somebody kept", **{"class": self.node})
        batch = self.handed_over([number])
        self.sender.command("transfer", "cancel", batch, "--reason", "The archive is closed")
        self.assertEqual({number: "skipped"}, self.outcomes(batch))
        self.assertEqual(1, self.sender.ok("GET", "/retention/due?action=transfer")["total"])
        self.assertEqual([], list((self.sender.data / "transfers").glob("*.zip")))

    def test_copies_can_stay_and_are_kept_by_a_schedule_of_their_own(self):
        number = self.declared("minutes.txt", b"Minutes that are needed here, too", **{"class": self.node})
        keeping = self.sender.ok("POST", "/schedules", {
            "code": "C5", "title": "Copies", "triggers": [{"kind": "event", "name": "transferred"}], "combine": "all",
            "cutoff": "none", "fiscal_start": 1, "period": "5 years", "action": "destroy", "kind": "minimum",
            "authority": "A decision"})
        batch = self.handed_over([number], copy_schedule=keeping["id"])
        file, receipt = (self.sender.data.parent / name for name in ("package.zip", "receipt.json"))
        self.sender.command("transfer", "package", batch, "-o", file)
        self.receiver.command("transfer", "import", file, "-o", receipt)
        self.sender.command("transfer", "receipt", batch, receipt)
        self.assertEqual({number: "transferred"}, self.outcomes(batch))
        self.assertEqual(200, self.sender.request("GET", f"/api/v1/documents/{number}/original").status)
        record = self.sender.ok("GET", f"/documents/{number}/record")
        self.assertEqual(("active", "destroy", "C5"), (record["stage"], record["action"], record["own_schedule"]["name"]))
        self.assertEqual([(batch, "The City Archives")], [(one["batch"], one["archive"]) for one in record["custody"]])
        told = self.sender.command("retention", "explain", number).stdout
        self.assertIn("What is here is a copy: it was transferred to The City Archives", told)
        due = self.sender.ok("GET", "/retention/due")["items"]
        self.assertEqual([(number, "destroy")], [(one["id"], one["action"]) for one in due])
        self.assertEqual([], list((self.sender.data / "transfers").glob("*.zip")))
        self.sender.command("verify")

    def test_a_copy_as_zip_and_as_folder(self):
        number = self.declared("note.txt", b"A note that somebody kept", folder=self.folder)
        file = self.sender.data.parent / "copy.zip"
        self.sender.command("transfer", "export", "--folder", self.folder, "--title", "A copy", "-o", file)
        self.assertEqual([], eark_package.Package(file.read_bytes()).check())
        folder = self.sender.data.parent / "copy"
        self.sender.command("transfer", "export", "--document", number, "--directory", folder)
        done = self.receiver.command("transfer", "import", "--json", folder)
        receipt = json.loads(done.stdout)
        self.assertIsNone(receipt["package"]["sha256"])
        self.assertEqual([False], [document["filed"] for document in receipt["documents"]])
        entered = receipt["documents"][0]["id"]
        self.assertIsNone(self.receiver.ok("GET", f"/documents/{entered}")["class"])
        notes = self.receiver.ok("GET", f"/documents/{entered}/notes")["items"]
        self.assertIn("3.1 Minutes", notes[0]["text"])
        self.assertEqual(200, self.sender.request("GET", f"/api/v1/documents/{number}").status)

    def test_a_damaged_package_is_refused_whole_and_says_what_is_wrong(self):
        self.declared("note.txt", b"A note that somebody kept", folder=self.folder)
        second = self.declared("more.txt", b"Another note that somebody kept", folder=self.folder)
        sound = self.sender.request("POST", "/api/v1/exports", {"folders": [self.folder]}).body
        with zipfile.ZipFile(io.BytesIO(sound)) as archive:
            root = archive.namelist()[0].split("/")[0]
            data = next(name for name in archive.namelist() if name.endswith(f"{second:08}-1.txt"))

        def mets(old, new):
            def change(files):
                name = root + "/METS.xml"
                self.assertRegex(files[name].decode(), old)
                files[name] = re.sub(old, new, files[name].decode(), count=1).encode()
            return change

        damages = {
            "was altered": lambda files: files.update({data: files[data].swapcase()}),
            "bytes, and METS.xml says": lambda files: files.update({data: files[data] + b"!"}),
            "is missing": lambda files: files.pop(data),
            "does not list it": lambda files: files.update({root + "/stray.txt": b"stray"}),
            "lies beside the package": lambda files: files.update({"other/stray.txt": b"stray"}),
            "leads elsewhere": lambda files: files.update({root + "/../../stray.txt": b"stray"}),
            "no METS.xml": lambda files: files.pop(root + "/METS.xml"),
            "has a document type": mets("<mets", '<!DOCTYPE mets [<!ENTITY a "aaaaaaaaaa">]><mets'),
            "not well-formed": mets("</mets>", ""),
            "refers to a file that is elsewhere": mets("documentation/about.txt", "../../etc/passwd"),
            "no SHA-256": mets('CHECKSUMTYPE="SHA-256"', 'CHECKSUMTYPE="MD5"'),
        }
        for words, change in damages.items():
            with self.subTest(words):
                answer = self.imported(altered(sound, change))
                self.assertEqual(409, answer.status, answer.body)
                self.assertIn(words, answer.json["detail"])
        with self.subTest("a bomb"):
            made = io.BytesIO()
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(root + "/METS.xml", b"0" * (80 << 20))
            self.assertIn("64 MiB", self.imported(made.getvalue()).json["detail"])
        with self.subTest("no zip file"):
            self.assertEqual(409, self.imported(b"this is no package").status)
            self.assertEqual(409, self.imported(sound[:-200]).status)
        self.assertEqual(0, self.receiver.ok("GET", "/documents")["total"])
        self.assertEqual(201, self.imported(sound).status)

    def test_only_those_who_may(self):
        self.sender.ok("POST", "/accounts", {"name": "sten", "role": "staff", "password": "a long enough password"})
        account = self.sender.ok("GET", "/accounts?q=sten")["items"][0]["id"]
        staff = self.sender.ok("POST", "/tokens", {"name": "test", "account": account})["token"]
        number = self.declared("note.txt", b"A note that somebody kept", folder=self.folder)
        self.assertEqual(403, self.sender.request("POST", "/api/v1/exports", {"documents": [number]}, staff).status)
        self.assertEqual(403, self.sender.request("POST", "/api/v1/imports", b"", staff,
                                                  {"Content-Type": "application/zip"}).status)
        self.assertEqual(404, self.sender.request("POST", "/api/v1/local/imports", {"path": "/etc/hostname"}).status)


if __name__ == "__main__":
    unittest.main()

"""A records manager's year from the command line alone, beside the running service, on the demonstration's documents."""

import json
import pathlib
import smtplib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
from service import Service, until  # noqa: E402


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.service = Service(demonstration="yes").start()
        self.addCleanup(self.service.__exit__)

    def api(self, operation, *, expect=0, **fields):
        """What the operation answered, as JSON; `who` is whose name it is done in."""
        who = fields.pop("who", None)
        words = [f"{name}={value}" for name, value in fields.items()]
        done = self.service.command("api", operation, *words, *(["--as", who] if who else []), expect=expect)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def ingest_the_demonstration(self):
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run([sys.executable, ROOT / "scripts" / "demo_documents.py", directory], check=True)
            for scan in pathlib.Path(directory).glob("*-scan.png"):
                scan.unlink()  # recognition is tested elsewhere
            self.service.command("ingest", "--wait", directory)

    def state(self, batch):
        return self.api("disposition", id=batch, who="anna")["state"]

    def outcomes(self, batch):
        return {item["id"]: item["outcome"] for item in self.api("disposition_records", id=batch, who="anna")["items"]}

    def test_ingest_files_as_it_is_told(self):
        in_class = self.api("create_class", code="7", title="Leases")["id"]
        folder = self.api("create_folder", **{"class": in_class}, title="The old house")["id"]
        tags = [self.api("create_tag", name=name)["id"] for name in ("paper", "old")]
        with tempfile.TemporaryDirectory() as directory:
            (pathlib.Path(directory) / "lease.txt").write_text("The lease of the old house.")
            options = [word for tag in tags for word in ("--tag", str(tag))]
            self.service.command("ingest", "--wait", *options, "--folder", str(folder), directory)
        filed = self.api("documents", q="lease")["items"][0]
        document = self.api("document", id=filed["id"])
        self.assertEqual({"paper", "old"}, {tag["name"] for tag in document["tags"]})
        self.assertEqual(folder, document["folder"]["id"])

    def test_from_the_plan_to_the_certificate(self):
        for name in ("anna", "bo"):
            self.service.command("user", "add", name, "--role", "records-manager", "--password-stdin", stdin="a long enough password\n")
        self.ingest_the_demonstration()
        self.api("import_file_plan", ready_made="general-en", who="anna")
        invoices = next(one for one in self.api("classes", limit=200)["items"] if one["code"] == "3.1")
        found = self.api("documents", q="invoice", limit=3, who="anna")["items"]
        self.assertEqual(3, len(found))
        first, second, third = (one["id"] for one in found)
        for document in (first, second, third):
            self.api("change_document", id=document, **{"class": invoices["id"]}, who="anna")
        declared = self.api("declare_records", documents=f"{first},{second},{third}", who="anna")["items"]
        self.assertEqual([True, True, True], [one["declared"] for one in declared])
        self.assertIn("record", self.api("trash_document", id=first, who="anna", expect=1))

        hold = self.api("place_hold", title="A dispute", reason="The court asks", who="anna")["id"]
        self.api("add_to_hold", id=hold, documents=third, who="anna")
        self.api("set_retention_today", today="2060-01-01", who="anna")
        due = json.loads(self.service.command("retention", "due", "--on", "2060-01-01", "--json").stdout)
        self.assertIn(first, [one["id"] for one in due["due"]])
        self.assertIn("hold", self.api("propose_disposition", title="Old", action="destroy", documents=f"{first},{third}",
                                       who="anna", expect=1))
        batch = self.api("propose_disposition", title="Old", action="destroy", documents=f"{first},{second}", who="anna")["id"]
        self.api("approve_disposition", id=batch, who="anna", expect=1)
        self.api("approve_disposition", id=batch, who="bo")
        self.api("execute_disposition", id=batch, who="anna")
        until(lambda: self.state(batch) == "executed", "execution")
        self.api("restore_record", id=batch, document=second, reason="Still needed", who="anna")
        self.assertEqual({first: "destroyed", second: "restored"}, self.outcomes(batch))
        self.api("set_retention_today", today="2060-06-01", who="anna")
        until(lambda: self.outcomes(batch)[first] == "purged", "the purge")
        target = self.service.data.parent / "certificate.pdf"
        self.service.command("api", "printed_certificate", f"id={batch}", "-o", target, "--as", "anna")
        self.assertTrue(target.read_bytes().startswith(b"%PDF-"))
        self.assertEqual(second, self.api("document", id=second)["id"])
        self.assertIn("no document", self.api("document", id=first, expect=1))

        export = self.service.data.parent / "audit.jsonl"
        self.service.command("audit", "export", "-o", export)
        self.service.command("audit", "verify")
        lines = export.read_text().splitlines()
        entry = next(at for at, line in enumerate(lines) if "disposition" in line)
        export.write_text("\n".join(lines[:entry] + lines[entry + 1:]) + "\n")
        self.assertEqual(1, self.service.command("audit", "verify", "--log", export, expect=1).returncode)

    def test_a_paper_file_is_lent_and_returned(self):
        site = self.api("create_location", kind="site", name="Town hall")["id"]
        box = self.api("create_location", kind="box", name="Box 1", parent=site)["id"]
        paper = self.api("register_paper_file", title="Personnel file", home=box)["document"]["id"]
        self.api("lend_paper", id=paper, borrower="A lawyer", due_on="2099-01-01")
        self.assertEqual(1, self.api("loans")["total"])
        self.api("return_paper", id=paper)
        self.assertEqual(0, self.api("loans")["total"])

    def test_wrong_words_are_told(self):
        self.assertIn("no operation", self.api("destroy_everything", expect=2))
        self.assertIn("needs reason=", self.api("place_hold", title="T", expect=2))
        self.assertIn("no account nobody", self.api("holds", who="nobody", expect=2))
        self.service.command("user", "add", "eva", "--role", "reader", "--password-stdin", stdin="a long enough password\n")
        self.api("holds", who="eva", expect=1)
        listed = self.service.command("api").stdout
        self.assertIn("place_hold", listed)
        self.assertIn("title=   required", self.service.command("api", "place_hold", "--help").stdout)



class Sources(unittest.TestCase):
    def source(self, service, kind, expect=0):
        done = service.command("sources", "--json", expect=expect)
        return next(one for one in json.loads(done.stdout) if one["kind"] == kind)

    def test_what_a_watched_folder_refused_is_told_and_tried_again(self):
        with tempfile.TemporaryDirectory() as directory, \
                Service(watch_folders=directory, watch_settle="0s", intake_max_file_size=1000, mail_listen="127.0.0.1:0",
                        mail_senders="copier@example.org") as service:
            folder = pathlib.Path(directory)
            (folder / "large.txt").write_text("words " * 500)
            until(lambda: (folder / "failed" / "large.txt.reason.txt").exists(), "the file to be refused")
            until(lambda: self.source(service, "watch")["waiting"] == 0, "the folder to be empty")
            told = self.source(service, "watch")
            self.assertEqual(("waiting", 1, None), (told["state"], told["failed"], told["last_at"]))
            self.assertIn("intake.max_file_size", told["failures"][0]["problem"])
            self.assertIn("large.txt: ", service.command("sources").stdout)
            self.assertEqual("well", self.source(service, "drop")["state"])
            listener = self.source(service, "smtp")
            self.assertEqual("well", listener["state"])
            address, port = listener["name"].rsplit(":", 1)
            with smtplib.SMTP(address, int(port)) as device:
                device.helo("device")
                self.assertEqual(550, device.mail("somebody@example.org")[0])
            self.assertIn("mail.senders", self.source(service, "smtp", expect=1)["problem"])
            service.stop()
            service.environment["MUNIMENT_INTAKE_MAX_FILE_SIZE"] = "100000"
            service.start()
            self.assertIn("no such folder", service.command("sources", "retry", "watch", "/nowhere", expect=1).stderr)
            service.command("sources", "retry", "watch", directory)
            until(lambda: self.source(service, "watch")["last_week"] == 1, "the file to come in")
            self.assertEqual(("well", 0), (self.source(service, "watch")["state"], self.source(service, "watch")["failed"]))

    def test_a_folder_is_watched_because_somebody_said_so(self):
        with tempfile.TemporaryDirectory() as directory, Service(watch_roots=directory, watch_settle="0s") as service:
            service.sign_in()
            folder = pathlib.Path(directory).resolve() / "post"

            def api(operation, *words, expect=0):
                done = service.command("api", operation, *words, expect=expect)
                return json.loads(done.stdout) if expect == 0 and done.stdout.strip() else done.stderr

            for elsewhere in ("/etc", service.data / "blobs", folder / ".." / ".." / "etc"):
                self.assertIn(directory if elsewhere != folder / ".." / ".." / "etc" else "..",
                              api("create_intake_folder", "kind=watch", f"name={elsewhere}", expect=1))
            place = api("create_class", "code=7", "title=Post")["id"]
            made = api("create_intake_folder", "kind=watch", f"name={folder}", f"class_id={place}")
            until(folder.is_dir, "the folder to be made")
            (folder / "letter.txt").write_text("A letter about medlars.")
            until(lambda: service.search("medlars")["items"], "the letter to be found")
            until(lambda: not (folder / "letter.txt").exists(), "the source to be removed")
            letter = service.document(service.search("medlars")["items"][0]["id"])
            self.assertEqual(("watch", place), (letter["source"], letter["class"]["id"]))
            told = self.source(service, "watch")
            self.assertEqual((str(folder), made["id"], "well", 1), (told["name"], told["intake_folder"], told["state"], told["last_week"]))

            api("change_intake_folder", f"id={made['id']}", "enabled=false")
            (folder / "later.txt").write_text("A letter about damsons.")
            self.assertEqual("off", self.source(service, "watch")["state"])
            service.stop()
            service.start()
            self.assertTrue((folder / "later.txt").exists())
            api("change_intake_folder", f"id={made['id']}", "enabled=true", "class_id=")
            until(lambda: service.search("damsons")["items"], "the second letter to be found")
            self.assertIsNone(service.document(service.search("damsons")["items"][0]["id"])["class"])
            api("delete_intake_folder", f"id={made['id']}")
            self.assertIn("intake_folder.deleted", service.command("audit", "export").stdout)


if __name__ == "__main__":
    unittest.main()

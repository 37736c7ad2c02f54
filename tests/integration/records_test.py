"""Records management through the built program: from filing to a purge of which nothing is left."""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
from inflated import inflated, zstd_frames  # noqa: E402
from service import Service, until  # noqa: E402

# A word that is nowhere else. Both forms: a stem or a spelling would be a trace too.
CANARY = "zyqwarbleflux"


class Records(unittest.TestCase):
    def setUp(self):
        self.service = Service(demonstration="yes").start()
        self.addCleanup(self.service.__exit__)
        self.ask, self.ok = self.service.ask, self.service.ok
        self.service.sign_in()
        self.ok("POST", "/accounts", {"name": "berit", "role": "records-manager", "password": "a long enough password"})
        self.other = self.service.command("token", "create", "berit").stdout.strip()
        schedule = self.ok("POST", "/schedules", {
            "code": "A2", "title": "Accounts", "triggers": [{"kind": "captured"}], "combine": "all",
            "cutoff": "calendar-year", "fiscal_start": 1, "period": "2 years", "action": "destroy", "kind": "minimum",
            "authority": "A decision"})
        self.node = self.ok("POST", "/classes", {"code": "3.1", "title": "Invoices", "schedule": schedule["id"]})["id"]

    def declared(self, name, text):
        answer = self.service.upload(name, demo_documents.pdf([[text]]))
        self.service.wait_for_job(answer.json["job"])
        number = answer.json["id"]
        version = self.ok("GET", f"/documents/{number}")["version"]
        self.ok("PATCH", f"/documents/{number}", {"class": self.node}, version=version)
        self.assertEqual([{"id": number, "declared": True, "problem": None}],
                         self.ok("POST", "/records", {"documents": [number]})["items"])
        return number

    def today(self, day):
        self.ok("PUT", "/retention/today", {"today": day})

    def executed(self, numbers):
        batch = self.ok("POST", "/dispositions", {"title": "Old", "action": "destroy", "documents": numbers})
        path = f"/dispositions/{batch['id']}"
        self.assertEqual(403, self.ask("POST", path + "/approve", {}, version=batch["version"]).status)
        batch = self.ok("POST", path + "/approve", {}, version=batch["version"], token=self.other)
        self.ok("POST", path + "/execute", version=batch["version"])
        until(lambda: self.ok("GET", path)["state"] == "executed", "execution")
        return batch["id"]

    def outcome(self, batch, number):
        items = self.ok("GET", f"/dispositions/{batch}/records")["items"]
        return next(item["outcome"] for item in items if item["id"] == number)

    def files_with(self, word):
        """Files of the archive that hold the word, compressed or not; the audit log's own file would be among them."""
        found = []
        for file in self.service.data.rglob("*"):
            if file.is_file() and any(word.encode() in part for part in inflated(file.read_bytes())):
                found.append(str(file.relative_to(self.service.data)))
        if word in self.service.log_text():
            found.append("the log")
        return found

    def paths_named(self, name):
        return [path for path in self.service.data.rglob("*") if path.is_file() and name in str(path)]

    def test_nothing_is_left_of_a_purged_record(self):
        self.ok("POST", "/file-plan", {"ready_made": "general-en"})
        number = self.declared(f"{CANARY}-file.pdf", f"An invoice about {CANARY} and nothing else")
        # In everything else that people say of it, repeatable requests included.
        note = self.service.request("POST", f"/api/v1/documents/{number}/notes", {"text": f"Ask about {CANARY}"},
                                    headers={"Idempotency-Key": "a-note"})
        self.assertEqual(201, note.status, note.body)
        self.ok("POST", "/custom-fields", {"key": "subject", "name": "Subject", "kind": "text", "uses": [{"type": None}]})
        self.ok("PATCH", f"/documents/{number}", {"custom_fields": [{"key": "subject", "value": f"About {CANARY}"}]},
                version=self.ok("GET", f"/documents/{number}")["version"])
        other = self.declared("other.pdf", "An invoice about something quite different")
        until(lambda: self.ok("GET", f"/documents?q={CANARY}")["total"] == 1, "the index")
        self.assertTrue(self.files_with(CANARY), "the test would find it")
        for picture in ("thumbnail", "pages/1/image?w=600", "archive"):
            self.assertIn(self.ask("GET", f"/documents/{number}/{picture}").status, (200, 404), picture)
        database = b"".join((self.service.data / name).read_bytes() for name in ("muniment.db", "muniment.db-wal"))
        self.assertTrue(any(CANARY.encode() in layer for layer in zstd_frames(database)), "nor in a compressed page layer")
        original = hashlib.sha256(self.ask("GET", f"/documents/{number}/original").body).hexdigest()
        self.assertTrue(self.paths_named(original), "the test would find its files and pictures")
        self.today("2040-01-01")
        self.assertEqual(2, self.ok("GET", "/retention/due")["total"])
        batch = self.executed([number])
        self.assertEqual(404, self.ask("GET", f"/documents/{number}").status)
        until(lambda: self.ok("GET", f"/documents?q={CANARY}")["total"] == 0, "its removal from search")
        self.today("2040-03-01")
        until(lambda: self.outcome(batch, number) == "purged", "the purge")
        until(lambda: self.ok("GET", f"/tombstones/{number}")["verified_at"], "the check of the purge")
        self.assertEqual([], self.files_with(CANARY))
        self.assertEqual([], self.paths_named(original), "no picture of it either, which no search for a word would find")
        self.assertEqual([], self.ok("GET", f"/suggest?q={CANARY[:5]}")["items"])
        self.assertEqual(0, self.ok("GET", f"/documents?q={CANARY}")["total"])
        self.assertEqual(1, self.ok("GET", "/documents?q=different")["total"])
        certificate = self.ok("GET", f"/dispositions/{batch}/certificate")
        self.assertEqual("purged", certificate["records"][0]["outcome"])
        self.assertTrue(certificate["complete"])
        until(lambda: self.ok("GET", f"/dispositions/{batch}")["certificate"], "the filing of the certificate")
        filed = self.ok("GET", f"/documents/{self.ok('GET', f'/dispositions/{batch}')['certificate']}")
        self.assertEqual("1.3", filed["class"]["code"])
        until(lambda: self.ask("GET", f"/documents/{filed['id']}/record").status == 200, "its declaration")
        beside = self.ok("GET", f"/documents/{filed['id']}/relations")["items"]
        self.assertEqual(1, len(beside), beside)
        data = self.ask("GET", f"/documents/{beside[0]['document']['id']}/original").json
        self.assertEqual(certificate["records"], data["records"])
        printed = self.ask("GET", f"/dispositions/{batch}/certificate.pdf")
        self.assertTrue(printed.body.startswith(b"%PDF-"), printed.body[:80])
        original = self.ask("GET", f"/documents/{filed['id']}/original")
        self.assertEqual(printed.body, original.body, "what was printed is what was filed")
        self.assertEqual(200, self.ask("GET", f"/documents/{other}").status)
        verified = subprocess.run([self.service.program, "--data", str(self.service.data), "verify", "--json"],
                                  capture_output=True, text=True)
        self.assertEqual(0, verified.returncode, verified.stdout + verified.stderr)
        journal = (self.service.data / "tombstones.jsonl").read_text().splitlines()
        self.assertEqual([number], [json.loads(line)["document_id"] for line in journal])

    def test_a_backup_from_before_the_purge_does_not_bring_it_back(self):
        number = self.declared("old.pdf", f"An invoice about {CANARY} and nothing else")
        backup = self.service.data.parent / "backup"
        self.service.command("backup", backup)
        self.today("2040-01-01")
        batch = self.executed([number])
        self.today("2040-03-01")
        until(lambda: self.outcome(batch, number) == "purged", "the purge")
        until(lambda: self.ok("GET", f"/tombstones/{number}")["verified_at"], "the check of the purge")
        with Service() as restored:
            restored.kill()
            shutil.rmtree(restored.data)
            told = restored.command("restore", backup, "--tombstones", self.service.data / "tombstones.jsonl").stdout
            self.assertIn("are known: 1, the last of them purged at 20", told)
            self.assertNotIn("--tombstones", told)
            restored.start()
            restored.token = self.service.token
            self.assertEqual(401, restored.request("GET", f"/api/v1/documents/{number}").status, "what was open then is not now")
            restored.command("api", "decide_restored_access", "decision=resume")
            self.assertEqual(404, restored.request("GET", f"/api/v1/documents/{number}").status)
            self.assertEqual(200, restored.request("GET", f"/api/v1/tombstones/{number}").status)
            until(lambda: restored.request("GET", f"/api/v1/tombstones/{number}").json["verified_at"], "the check")
            self.assertEqual(0, restored.search(CANARY)["total"])

    def test_a_record_is_restored_within_its_window(self):
        number = self.declared("old.pdf", "An invoice that is needed after all")
        self.today("2040-01-01")
        batch = self.executed([number])
        self.ok("POST", f"/dispositions/{batch}/restore", {"document": number, "reason": "Needed"})
        self.assertEqual("restored", self.outcome(batch, number))
        until(lambda: self.ok("GET", "/documents?q=needed")["total"] == 1, "the index")

    def test_a_query_goes_on_holding_what_comes(self):
        berit = self.ok("GET", "/accounts?q=berit")["items"][0]["id"]
        hold = self.ok("POST", "/holds", {"title": "Dispute", "reason": "A claim", "query": "harbour", "custodians": [berit]})
        number = self.declared("new.pdf", "An invoice about the harbour")
        until(lambda: self.ok("GET", f"/holds/{hold['id']}")["held"] == 1, "the hold's query")
        version = self.ok("GET", f"/documents/{number}")["version"]
        self.assertEqual(409, self.ask("PATCH", f"/documents/{number}", {"document_date": "2020-01-01"},
                                       version=version).status)
        self.today("2040-01-01")
        refused = self.ask("POST", "/dispositions", {"title": "Old", "action": "destroy", "documents": [number]})
        self.assertEqual(409, refused.status)
        self.assertIn("hold", refused.json["detail"])

        def custodian():
            return self.ok("GET", f"/holds/{hold['id']}")["custodians"][0]

        until(lambda: custodian()["reminded_on"] == "2040-01-01", "the reminder of who has not acknowledged it")
        self.assertIsNone(custodian()["acknowledged_at"])
        told = self.ok("GET", "/notifications", token=self.other)["items"]
        self.assertEqual(["hold-reminded", "hold-asked"], [one["kind"] for one in told])

    def test_a_schedule_beside_keeps_it_longer(self):
        number = self.declared("old.pdf", "An invoice with a guarantee")
        longer = self.ok("POST", "/schedules", {
            "code": "G10", "title": "Guarantees", "triggers": [{"kind": "captured"}], "combine": "all", "cutoff": "none",
            "fiscal_start": 1, "period": "10 years", "action": "destroy", "kind": "minimum", "authority": "A contract"})["id"]

        def rules():
            return [(rule["schedule"]["name"][:3].strip(), rule["origin"], rule["deciding"])
                    for rule in self.ok("GET", f"/documents/{number}/retention")["rules"]]

        path, body = f"/documents/{number}/schedules-beside", {"schedule": longer, "reason": "The goods have a guarantee"}
        before = self.ok("GET", f"/documents/{number}/retention")["eligible_from"]
        self.ok("POST", path, body)
        self.assertEqual(["class", "beside"], [origin for _, origin, _ in rules()])
        self.assertEqual([False, True], [deciding for _, _, deciding in rules()])
        self.assertGreater(self.ok("GET", f"/documents/{number}/retention")["eligible_from"], before)
        self.ok("POST", path + "/remove", body)
        self.assertEqual(before, self.ok("GET", f"/documents/{number}/retention")["eligible_from"])
        self.assertEqual(404, self.ask("POST", path + "/remove", body).status)

    def test_the_command_line_says_what_is_due_and_why(self):
        number = self.declared("old.pdf", "An invoice")

        def run(*words):
            done = subprocess.run([self.service.program, "--data", str(self.service.data), "retention", *words],
                                  capture_output=True, text=True)
            self.assertEqual(0, done.returncode, done.stderr)
            return done.stdout

        self.assertIn("0 records", run("due", "--on", "2026-01-01"))
        due = json.loads(run("due", "--on", "2040-01-01", "--json"))["due"]
        self.assertEqual([number], [item["id"] for item in due])
        self.assertIn("2 years from its capture after the end of that calendar year", run("explain", str(number)))


if __name__ == "__main__":
    unittest.main()

"""Paper files through the built program: registered, labelled, lent, recalled, moved, counted, and destroyed."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
from service import Service, until  # noqa: E402


class Paper(unittest.TestCase):
    def setUp(self):
        self.service = Service(demonstration="yes").start()
        self.addCleanup(self.service.__exit__)
        self.ask, self.ok = self.service.ask, self.service.ok
        self.service.sign_in()
        self.ok("POST", "/accounts", {"name": "berit", "role": "records-manager", "password": "a long enough password"})
        self.berit = self.ok("GET", "/accounts?q=berit")["items"][0]["id"]
        self.other = self.service.command("token", "create", "berit").stdout.strip()
        schedule = self.ok("POST", "/schedules", {
            "code": "A2", "title": "Personnel", "triggers": [{"kind": "captured"}], "combine": "all",
            "cutoff": "calendar-year", "fiscal_start": 1, "period": "2 years", "action": "destroy", "kind": "minimum",
            "authority": "A decision"})
        self.node = self.ok("POST", "/classes", {"code": "3.1", "title": "Personnel", "schedule": schedule["id"]})["id"]
        self.site = self.place(None, "site", "Town hall")
        self.shelf = self.place(self.place(self.site, "room", "Cellar"), "shelf", "Shelf 1")
        self.box = self.place(self.shelf, "box", "Box 1")

    def place(self, parent, kind, name):
        return self.ok("POST", "/locations", {"parent": parent, "kind": kind, "name": name})["id"]

    def registered(self, title):
        file = self.ok("POST", "/paper-files", {"title": title, "class": self.node, "home": self.box})
        return file["document"]["id"], file["barcode"]

    def today(self, day):
        self.ok("PUT", "/retention/today", {"today": day})

    def disposed(self, number):
        self.ok("POST", "/records", {"documents": [number]})
        self.today("2040-01-01")
        batch = self.ok("POST", "/dispositions", {"title": "Old", "action": "destroy", "documents": [number]})
        path = f"/dispositions/{batch['id']}"
        batch = self.ok("POST", path + "/approve", {}, version=batch["version"], token=self.other)
        self.ok("POST", path + "/execute", version=batch["version"])
        until(lambda: self.ok("GET", path)["state"] == "executed", "execution")
        return path

    def outcome(self, path, number):
        items = self.ok("GET", path + "/records")["items"]
        return next(item["outcome"] for item in items if item["id"] == number)

    def test_a_paper_file_is_found_labelled_lent_recalled_and_returned(self):
        number, barcode = self.registered("The night watchman's file")
        until(lambda: self.ok("GET", "/documents?q=watchman")["total"] == 1, "the index")
        until(lambda: self.ok("GET", f"/documents?q=barcode:{barcode}")["total"] == 1, "the index")
        for part in ("original", "archive", "thumbnail", "pages/1/image"):
            answer = self.ask("GET", f"/documents/{number}/{part}")
            self.assertEqual((404, True), (answer.status, "paper" in answer.json["detail"]), part)
        labels = self.ask("POST", "/labels", {"documents": [number], "locations": [self.box], "start": 3})
        self.assertEqual(200, labels.status)
        self.assertTrue(labels.body.startswith(b"%PDF") if isinstance(labels.body, bytes) else "%PDF" in labels.body)

        loan = f"/documents/{number}/loan"
        self.today("2030-01-10")
        self.ok("POST", loan, {"borrower": "A lawyer", "due_on": "2030-02-10"})
        self.assertEqual(409, self.ask("POST", loan, {"account": self.berit, "due_on": "2030-02-10"}).status)
        self.ok("POST", f"/documents/{number}/reservations", token=self.other)
        self.ok("POST", loan + "/recall", {"by": "2030-01-20"})
        self.assertEqual(0, self.ok("GET", "/loans?overdue=true")["total"])
        self.today("2030-01-21")
        overdue = self.ok("GET", "/loans?overdue=true")["items"]
        self.assertEqual([(number, "A lawyer")], [(one["document"]["id"], one["borrower"]) for one in overdue])
        self.ok("POST", loan + "/return", {})
        mine = self.ok("GET", "/account/loans", token=self.other)["reservations"]
        self.assertTrue(mine[0]["available_at"])
        self.assertEqual(409, self.ask("POST", loan, {"borrower": "A lawyer", "due_on": "2030-03-01"}).status)
        self.ok("POST", loan, {"account": self.berit, "due_on": "2030-03-01"})
        self.assertEqual(1, len(self.ok("GET", "/account/loans", token=self.other)["loans"]))
        history = self.ok("GET", f"/documents/{number}/paper/history")
        self.assertEqual(["lent", "returned", "lent", "registered"], [one["why"] for one in history["movements"]])

    def test_a_box_moves_with_its_files_and_is_counted(self):
        files = [self.registered(f"File {i}") for i in range(3)]
        shelf = self.place(self.ok("GET", f"/locations/{self.shelf}")["parent"], "shelf", "Shelf 2")
        box = self.ok("GET", f"/locations/{self.box}")
        self.ok("POST", f"/locations/{self.box}/move", {"to": shelf}, version=box["version"])
        self.assertEqual("Town hall / Cellar / Shelf 2 / Box 1",
                         self.ok("GET", f"/documents/{files[0][0]}/paper")["current"]["path"])
        inventory = self.ok("POST", "/inventories", {"location": shelf})["id"]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as scans:
            scans.write(f"{files[1][1]}\n\n {files[0][1].lower()} \nWHAT-IS-THIS\n")
            scans.flush()
            done = subprocess.run([self.service.program, "--data", str(self.service.data), "inventory", str(inventory),
                                   scans.name, "--json"], capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(3, json.loads(done.stdout)["new"])
        self.ok("POST", f"/inventories/{inventory}/finish")
        findings = self.ok("GET", f"/inventories/{inventory}/findings")["items"]
        self.assertEqual({("missing", files[2][1]), ("unknown", "WHAT-IS-THIS")},
                         {(one["kind"], one["code"]) for one in findings})
        self.ok("POST", f"/inventories/{inventory}/accept",
                {"findings": [one["id"] for one in findings if one["kind"] == "missing"]})
        self.assertTrue(self.ok("GET", f"/documents/{files[2][0]}/paper")["missing_since"])

    def test_paper_is_destroyed_by_a_person_before_its_record_is_purged(self):
        number, _ = self.registered("An old file")
        path = self.disposed(number)
        self.today("2040-03-01")
        listed = self.ok("GET", "/paper-to-destroy")["items"]
        self.assertEqual([(number, True)], [(one["id"], one["now"]) for one in listed])
        self.assertEqual("destroyed", self.outcome(path, number))
        self.ok("POST", "/paper-destructions",
                {"documents": [number], "destroyed_on": "2040-03-01", "method": "Shredded"})
        until(lambda: self.outcome(path, number) == "purged", "the purge")
        until(lambda: self.ok("GET", f"/tombstones/{number}")["verified_at"], "the check of the purge")
        told = self.ok("GET", f"/tombstones/{number}")
        self.assertEqual(("physical", "2040-03-01", "Shredded"),
                         (told["medium"], told["paper"]["destroyed_on"], told["paper"]["method"]))
        certified = self.ok("GET", f"{path}/certificate")["records"][0]
        self.assertEqual(told["paper"], certified["paper"])
        verified = subprocess.run([self.service.program, "--data", str(self.service.data), "verify", "--json"],
                                  capture_output=True, text=True)
        self.assertEqual(0, verified.returncode, verified.stdout + verified.stderr)

    def test_scan_and_discard(self):
        answer = self.service.upload("scan.pdf", demo_documents.pdf([["A receipt"], ["Its second page"]]))
        self.service.wait_for_job(answer.json["job"])
        number = answer.json["id"]
        paper = f"/documents/{number}/paper"
        self.ok("POST", paper, {"home": self.box})
        self.ok("PATCH", f"/documents/{number}", {"class": self.node},
                version=self.ok("GET", f"/documents/{number}")["version"])
        self.ok("POST", "/records", {"documents": [number]})
        end = {"destroyed_on": "2026-01-02", "method": "Shredded"}
        self.assertEqual(409, self.ask("POST", paper + "/discard", end).status)
        self.ok("POST", paper + "/scan-checks", {"pages_compared": 2, "passed": True})
        hold = self.ok("POST", "/holds", {"title": "Dispute", "reason": "A claim"})
        hold = self.ok("POST", f"/holds/{hold['id']}/documents", {"documents": [number]})
        self.assertEqual(409, self.ask("POST", paper + "/discard", end).status)
        self.ok("POST", f"/holds/{hold['id']}/release", {"reason": "Settled"}, version=hold["version"])
        self.assertEqual("digital", self.ok("POST", paper + "/discard", end)["medium"])
        self.assertEqual(200, self.ask("GET", f"/documents/{number}/original").status)
        self.assertEqual("digital", self.ok("GET", f"/documents/{number}")["medium"])


if __name__ == "__main__":
    unittest.main()

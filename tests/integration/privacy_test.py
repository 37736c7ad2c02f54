"""A person's requests through the built program: found, weighed, decided, gone."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
from service import Service, until  # noqa: E402

SUBJECT = "Zyqwarbla Fluxgren"


class Privacy(unittest.TestCase):
    def setUp(self):
        self.service = Service(demonstration="yes", privacy_subject_kept="0s").start()
        self.addCleanup(self.service.__exit__)
        self.ok = self.service.ok
        self.service.sign_in()

    def added(self, name, text):
        answer = self.service.upload(name, demo_documents.pdf([[text]]))
        self.service.wait_for_job(answer.json["job"])
        return answer.json["id"]

    # What the printed answer says: read as any other document is.
    def letter(self, path):
        answer = self.service.upload("answer.pdf", self.ok("GET", path + "/letter.pdf"))
        self.service.wait_for_job(answer.json["job"])
        return " ".join(self.ok("GET", f"/documents/{answer.json['id']}/text").decode().split())

    def test_what_nothing_keeps_is_erased_and_what_is_held_is_not(self):
        letter = self.added("letter.pdf", f"A letter from {SUBJECT} about nothing")
        claim = self.added("claim.pdf", f"A claim by {SUBJECT} about money")
        until(lambda: self.ok("GET", "/documents?q=Fluxgren")["total"] == 2, "the index")
        hold = self.ok("POST", "/holds", {"title": "Dispute", "reason": "A claim"})
        self.ok("POST", f"/holds/{hold['id']}/documents", {"documents": [claim]})
        report = self.ok("POST", "/subject-report", {"queries": [SUBJECT]})
        self.assertEqual([(letter, None), (claim, "claims")], [(one["id"], one["ground"]) for one in report["documents"]])
        request = self.ok("POST", "/erasure-requests", {"subject": SUBJECT, "queries": [SUBJECT], "received_on": "2026-01-31"})
        path = f"/erasure-requests/{request['id']}"
        self.assertEqual("2026-02-28", request["due_on"])
        refused = self.service.request("POST", f"/api/v1{path}/decide", {"documents": [claim], "decision": "erase"})
        self.assertEqual(409, refused.status, refused.body)
        self.ok("POST", path + "/decide", {"documents": [claim], "decision": "refuse", "ground": "claims"})
        request = self.ok("POST", path + "/decide", {"documents": [letter], "decision": "erase"})
        self.ok("POST", path + "/close", {}, version=request["version"])
        until(lambda: self.service.request("GET", f"/api/v1/tombstones/{letter}").status == 200
              and self.ok("GET", f"/tombstones/{letter}")["verified_at"], "the purge")
        self.assertEqual(200, self.service.request("GET", f"/api/v1/documents/{claim}").status)
        self.assertTrue(self.ok("GET", path + "/letter.pdf").startswith(b"%PDF-"))
        until(lambda: self.ok("GET", path)["subject_erased_at"], "the erasure of the name")
        self.assertEqual("", self.ok("GET", path)["subject"])
        entries = [line for line in self.service.command("audit", "export").stdout.splitlines() if "privacy." in line]
        self.assertGreater(len(entries), 5)
        self.assertEqual([], [line for line in entries if "Zyqwarbla" in line])

    def test_what_is_on_paper_is_erased_once_a_person_has_destroyed_it(self):
        site = self.ok("POST", "/locations", {"kind": "site", "name": "Town hall"})["id"]
        paper = self.ok("POST", "/paper-files", {"title": f"Application of {SUBJECT}", "home": site})["document"]["id"]
        until(lambda: self.ok("GET", "/documents?q=Fluxgren")["total"] == 1, "the index")
        request = self.ok("POST", "/erasure-requests", {"subject": SUBJECT, "queries": [SUBJECT], "received_on": "2026-01-31"})
        path = f"/erasure-requests/{request['id']}"
        request = self.ok("POST", path + "/decide", {"documents": [paper], "decision": "erase"})
        self.ok("POST", path + "/close", {}, version=request["version"])
        outcome = lambda: self.ok("GET", path + "/documents")["items"][0]["outcome"]
        self.assertEqual("paper", outcome())
        self.assertIn("To be erased when its paper has been destroyed", self.letter(path))
        listed = self.ok("GET", "/paper-to-destroy")["items"]
        self.assertEqual([(paper, None, None, True)],
                         [(one["id"], one["batch"], one["restorable_until"], one["now"]) for one in listed])
        self.ok("POST", "/paper-destructions", {"documents": [paper], "destroyed_on": "2026-01-31", "method": "Shredded"})
        until(lambda: outcome() == "erased", "the erasure")
        self.assertNotIn("paper", self.letter(path))
        self.assertEqual("Shredded", self.ok("GET", f"/tombstones/{paper}")["paper"]["method"])


if __name__ == "__main__":
    unittest.main()

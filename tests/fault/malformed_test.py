"""Files that are broken or made to do harm go through the built program: each ends, with a reason where it is not read,
stays as it came, and keeps nothing else from being read."""

import concurrent.futures
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import malformed_files  # noqa: E402
from service import Service, until  # noqa: E402

# What may be said of a file. Everything else would be said of the archive, or of this program.
OF_THE_FILE = {"bad_file", "too_large", "unsupported_type", "password_needed", "timed_out"}
ASKED_AT_ONCE = 4


class Malformed(unittest.TestCase):
    def setUp(self):
        # LibreOffice takes seconds to give up a file; what it gives up is for office_test.py.
        self.service = Service(reading_page_deadline="10s", reading_libreoffice="").start()
        self.addCleanup(self.service.__exit__)
        self.service.sign_in()
        pool = concurrent.futures.ThreadPoolExecutor(ASKED_AT_ONCE)
        self.addCleanup(pool.shutdown)
        self.each = lambda act, things: list(pool.map(act, things))

    def shown(self, number):
        """What people ask for of a document, and how it is answered."""
        paths = [f"/documents/{number}{what}" for what in ("", "/text", "/thumbnail", "/archive", "/pages/1/image?w=400", "/pages/1/words?q=heron")]
        return {path: self.service.ask("GET", path).status for path in paths}

    def test_each_ends_and_stays_as_it_came(self):
        files = malformed_files.all_files()
        answers = dict(zip(files, self.each(lambda file: self.service.upload(*file), files.items())))
        self.assertEqual({}, {name: (answer.status, answer.body) for name, answer in answers.items() if answer.status != 202})
        jobs = dict(zip(answers, self.each(lambda answer: self.service.wait_for_job(answer.json["job"]), answers.values())))
        for name, job in jobs.items():
            with self.subTest(name):
                self.assertIn(job["state"], ("done", "failed", "waiting"))
                if job["state"] != "done":
                    self.assertIn(job["problem"]["code"], OF_THE_FILE, job["problem"])
                    self.assertGreater(len(job["problem"]["detail"]), 10)
                number = answers[name].json["id"]
                self.assertTrue(self.service.ok("GET", f"/documents/{number}/original") == files[name], "the original is another")
        self.settle()
        for name, answer in answers.items():
            with self.subTest(name):
                self.assertEqual({}, {path: status for path, status in self.shown(answer.json["id"]).items() if status >= 500})
        self.check_that_all_is_well()

    def settle(self):
        """Also what came out of archives and mails has been read."""
        until(lambda: (lambda queue: queue["queued"] + queue["running"] == 0)(self.service.ok("GET", "/admin/status")["queue"]),
              "the queue to be empty")
        self.assertEqual([], [item["problem"] for item in self.service.ok("GET", "/quarantine?limit=200")["items"]
                              if item["problem"]["code"] not in OF_THE_FILE])

    def check_that_all_is_well(self):
        self.assertIsNone(self.service.process.poll(), "the service died")
        answer = self.service.upload("after.txt", b"A sound text about cormorants.\n")
        self.assertEqual("done", self.service.wait_for_job(answer.json["job"])["state"])
        until(lambda: self.service.search("cormorants")["items"], "what came after")
        self.assertEqual(200, self.service.request("GET", "/readyz").status)
        self.assertEqual([], json.loads(self.service.command("verify", "--json").stdout)["findings"])

    def test_an_empty_file_is_refused_with_a_reason(self):
        answer = self.service.upload("empty.pdf", b"")
        self.assertEqual((422, "invalid_argument"), (answer.status, answer.json["code"]))
        self.assertIn("empty", answer.json["detail"])


if __name__ == "__main__":
    unittest.main()

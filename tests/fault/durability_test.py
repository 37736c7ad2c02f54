"""The order in which things reach the disk (docs/formats.md), as the kernel sees it: what is acknowledged survives a
power cut. Without any one of these calls a power cut loses what was acknowledged, and nothing else would show it."""

import hashlib
import json
import os
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from service import Service  # noqa: E402


class Durability(unittest.TestCase):
    def setUp(self):
        self.service = Service()
        self.trace = self.service.data.parent / "trace"
        self.service.environment |= {"LD_PRELOAD": os.environ["IO_TRACE_LIBRARY"], "IO_TRACE": str(self.trace)}
        self.service.start()
        self.addCleanup(self.service.__exit__)
        self.service.sign_in()

    def assert_in_order(self, begin, *patterns):
        """What was written down since `begin` has lines that match, in this order."""
        lines = self.trace.read_text().splitlines()[begin:]
        at = 0
        for pattern in patterns:
            while at < len(lines) and not re.search(pattern, lines[at]):
                at += 1
            self.assertLess(at, len(lines), f"no {pattern} in its place among:\n" + "\n".join(lines))
            at += 1

    def test_what_is_acknowledged_is_on_disk(self):
        begin = len(self.trace.read_text().splitlines())
        content = bytes(range(256)) * 8
        answer = self.service.upload("a.bin", content)
        self.assertEqual(202, answer.status)
        name = hashlib.sha256(content).hexdigest()
        directory = f"{self.service.data}/blobs/{name[:2]}/{name[2:4]}"
        self.assert_in_order(begin, rf"^sync {self.service.data}/tmp/", rf"^rename {self.service.data}/tmp/\S+ {directory}/{name}$",
                             rf"^sync {directory}$", r"^sync .*muniment\.db-wal$")

    def test_an_index_entry_is_on_disk_before_it_is_marked_done(self):
        begin = len(self.trace.read_text().splitlines())
        answer = self.service.upload("a.txt", b"A solitary heron.\n")
        self.assertEqual("done", self.service.wait_for_job(answer.json["job"])["state"])
        self.assert_in_order(begin, r"^rename \S+ \S*/iamglass$", rf"^sync {self.service.data}/index/documents/\d+$", r"^sync .*muniment\.db-wal$")

    def test_a_disk_that_fails_acknowledges_nothing(self):
        """EIO from each of the calls that durability rests on: refused, with a reason, and as if it had never been sent."""
        broken = self.service.data.parent / "trace.fail"
        for number, part in enumerate(("/data/tmp/", "/data/blobs/")):
            content = f"Sent while {part} fails.\n".encode()
            broken.write_text(part)
            answer = self.service.upload(f"{number}.txt", content)
            self.assertEqual((500, "io"), (answer.status, answer.json["code"]), part)
            self.assertIn("could not", answer.json["detail"])
            broken.unlink()
            self.assertEqual(number, len(self.service.request("GET", "/api/v1/documents").json["items"]), part)
            again = self.service.upload(f"{number}.txt", content)
            self.assertEqual(202, again.status, again.body)
            self.assertEqual("done", self.service.wait_for_job(again.json["job"])["state"])
            self.assertEqual(content, self.service.request("GET", f"/api/v1/documents/{again.json['id']}/original").body)
        self.assertTrue(json.loads(self.service.command("verify", "--json").stdout)["sound"])

    def test_a_directory_that_could_not_be_made_durable_is_not_taken_for_durable(self):
        broken = self.service.data.parent / "trace.fail"
        content = b"Sent while the directory of directories fails.\n"
        broken.write_text("/data/blobs")
        self.assertEqual(500, self.service.upload("a.txt", content).status)
        broken.unlink()
        begin = len(self.trace.read_text().splitlines())
        self.assertEqual(202, self.service.upload("a.txt", content).status)
        self.assert_in_order(begin, rf"^sync {self.service.data}/blobs$", rf"^rename \S+ {self.service.data}/blobs/")

    def test_a_file_whose_name_may_be_lost_is_not_taken_for_durable(self):
        broken = self.service.data.parent / "trace.fail"
        content = b"Sent while the file's own directory fails.\n"
        name = hashlib.sha256(content).hexdigest()
        (self.service.data / "blobs" / name[:2] / name[2:4]).mkdir(parents=True)
        broken.write_text(f"/data/blobs/{name[:2]}/{name[2:4]}")
        answer = self.service.upload("a.txt", content)
        self.assertEqual((500, "io"), (answer.status, answer.json["code"]))
        broken.unlink()
        for number in range(2):
            answer = self.service.upload("a.txt", content)
            self.assertEqual((503, "unavailable"), (answer.status, answer.json["code"]), number)
        ready = self.service.request("GET", "/readyz")
        self.assertEqual(503, ready.status)
        self.assertIn("failed to keep", " ".join(ready.json["problems"]))
        self.service.stop()
        self.service.start()
        self.assertEqual(202, self.service.upload("a.txt", content).status)
        self.assertTrue(json.loads(self.service.command("verify", "--json").stdout)["sound"])

    def test_a_database_whose_log_fails_changes_nothing_more(self):
        """Asked again the kernel says that all is well, though what it could not write is lost."""
        self.assertEqual(200, self.service.request("GET", "/api/v1/documents").status)  # notes that the token is in use
        broken = self.service.data.parent / "trace.fail"
        broken.write_text("muniment.db-wal")
        answer = self.service.upload("a.txt", b"Sent while the log fails.\n")
        # The second, when something of the service's own was written just before.
        self.assertIn((answer.status, answer.json["code"]), [(500, "io"), (503, "unavailable")])
        broken.unlink()
        answer = self.service.upload("a.txt", b"Sent when the log works again.\n")
        self.assertEqual((503, "unavailable"), (answer.status, answer.json["code"]))
        ready = self.service.request("GET", "/readyz")
        self.assertEqual(503, ready.status)
        self.assertIn("failed to keep", " ".join(ready.json["problems"]))
        self.assertEqual(200, self.service.request("GET", "/api/v1/documents").status)
        self.service.stop()
        self.service.start()
        self.assertEqual([], self.service.request("GET", "/api/v1/documents").json["items"])
        self.assertEqual(202, self.service.upload("a.txt", b"Sent after the next start.\n").status)
        self.assertTrue(json.loads(self.service.command("verify", "--json").stdout)["sound"])

    def test_an_unknown_name_costs_what_a_known_one_does(self):
        """Otherwise the time of the answer tells which accounts there are (reference: OWASP, authentication)."""
        tried = []
        for name in ("tester", "nobody-of-this-name"):
            begin = len(self.trace.read_text().splitlines())
            answer = self.service.request("POST", "/api/v1/session", {"name": name, "password": "not the right one"},
                                          token="-")
            self.assertEqual(401, answer.status, answer.body)
            tried.append(self.trace.read_text().splitlines()[begin:].count("password tried"))
        self.assertEqual([1, 1], tried)


if __name__ == "__main__":
    unittest.main()

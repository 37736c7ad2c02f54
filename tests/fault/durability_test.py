"""The order in which things reach the disk (docs/formats.md), as the kernel sees it: what is acknowledged survives a
power cut. Without any one of these calls a power cut loses what was acknowledged, and nothing else would show it."""

import hashlib
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


if __name__ == "__main__":
    unittest.main()

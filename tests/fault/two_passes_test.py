"""Ends the service at each step by which the two passes of a stack come in from a watched folder: whichever it is, the
stack is one document afterwards, of both files once, and nothing is left in the folder."""

import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
from service import PATIENCE, Service, until  # noqa: E402


class Side:
    def __init__(self, stack, name, *leaves):
        self.name = f"{stack}, {name}.pdf"
        self.content = demo_documents.pdf([[f"Leaf {leaf}", f"It lies in the stack called {stack}."] for leaf in leaves])
        self.hash = hashlib.sha256(self.content).hexdigest()


# What is about to be done when the service ends: the last of these, once the others are done.
MOMENTS = {
    "nothing kept": lambda fronts, backs: [f"/{fronts.hash}"],
    "fronts kept": lambda fronts, backs: [f"/{backs.hash}"],
    "both kept": lambda fronts, backs: [f"/{backs.hash}", "muniment.db-wal"],
    "documents made": lambda fronts, backs: [f"remove {fronts.name}"],
    "fronts removed": lambda fronts, backs: [f"remove {backs.name}"],
    "both read": lambda fronts, backs: [f"remove {backs.name}", "/blobs/"],
}


class TwoPasses(unittest.TestCase):
    def setUp(self):
        watched = tempfile.TemporaryDirectory()
        self.addCleanup(watched.cleanup)
        self.folder = pathlib.Path(watched.name, "double-sided")
        self.folder.mkdir()
        self.service = Service(watch_folders=watched.name, watch_settle="0s")
        trace = self.service.data.parent / "trace"
        self.end_at = self.service.data.parent / "trace.kill"
        self.service.environment |= {"LD_PRELOAD": os.environ["IO_TRACE_LIBRARY"], "IO_TRACE": str(trace)}
        self.service.start()
        self.addCleanup(self.service.__exit__)
        self.service.sign_in()

    def put(self, side, minute):
        hidden = self.folder / ("." + side.name)
        hidden.write_bytes(side.content)
        os.utime(hidden, (1_700_000_000 + 60 * minute,) * 2)
        hidden.rename(self.folder / side.name)

    def drop(self, stack):
        return Side(stack, "fronts", 1, 3), Side(stack, "backs", 4, 2)

    def wait_until_taken(self):
        until(lambda: not list(self.folder.iterdir()), "both sides to be taken in")

    def test_a_stack_comes_in_once_and_whole_whenever_the_service_ends(self):
        kept = []
        for stack, moment in MOMENTS.items():
            fronts, backs = self.drop(stack)
            self.end_at.write_text("\n".join(moment(fronts, backs)))
            self.put(fronts, 0)
            self.put(backs, 1)
            self.service.process.wait(PATIENCE)
            self.service.process.stdout.close()
            self.end_at.unlink()
            self.service.start()
            self.wait_until_taken()
            kept += [fronts.hash, backs.hash]
        fronts, backs = self.drop("fronts waiting")
        self.put(fronts, 0)
        until(lambda: any(source["lone_side"] for source in self.service.ok("GET", "/admin/sources")["items"]), "it to wait")
        self.service.kill()
        self.service.start()
        self.put(backs, 1)
        self.wait_until_taken()
        self.check([*MOMENTS, "fronts waiting"], [*kept, fronts.hash, backs.hash])

    def check(self, stacks, kept):
        self.service.settle()
        made = {}
        for item in self.service.ok("GET", "/documents?limit=100")["items"]:
            text = self.service.ok("GET", f"/documents/{item['id']}/text").decode()
            self.assertEqual(["1", "2", "3", "4"], re.findall(r"Leaf (\d)", text), item)
            made[re.search(r"stack called ([^.]*)", text).group(1)] = item["id"]
        self.assertEqual(sorted(stacks), sorted(made))
        replaced = self.service.ok("GET", "/replaced")["items"]
        self.assertEqual(sorted(kept), sorted(self.service.document(item["id"])["sha256"] for item in replaced))
        self.assertEqual([], json.loads(self.service.command("verify", "--json").stdout)["findings"])


if __name__ == "__main__":
    unittest.main()

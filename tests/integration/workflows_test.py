"""Workflows of the built program, killed again and again between and within their actions: none is lost, none is doubled."""

import pathlib
import random
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
from service import Service, until  # noqa: E402

DOCUMENTS, KILLS = 12, 4


class Killed(unittest.TestCase):
    def test_every_action_is_done_once(self):
        chance = random.Random(7)
        with Service() as service:
            service.sign_in()
            tags = [service.ok("POST", "/tags", {"name": f"tag {number}"})["id"] for number in range(6)]
            top = service.ok("POST", "/classes", {"code": "1", "title": "Letters"})["id"]
            folder = service.ok("POST", "/folders", {"class": top, "title": "This year"})["id"]
            workflow = service.ok("POST", "/workflows", {"name": "Letters", "enabled": False, "actions": [
                *({"kind": "set", "tag_ids": [tag]} for tag in tags), {"kind": "move", "folder_id": folder}]})
            path = f"/workflows/{workflow['id']}"
            workflow = service.ok("PATCH", path, {"enabled": True}, version=workflow["version"])
            numbers = [service.upload(f"{n}.txt", f"letter {n}".encode()).json["id"] for n in range(DOCUMENTS)]
            runs = lambda: service.ok("GET", path + "/runs?limit=200")["items"]  # noqa: E731
            steps = lambda: sum(len(run["log"]) for run in runs())  # noqa: E731
            for kill in range(KILLS):
                # While actions are being done, a few milliseconds after another one has been.
                reached = (kill + 1) * DOCUMENTS * 7 // (KILLS + 2)
                until(lambda: steps() >= reached, f"{reached} actions")  # noqa: B023
                time.sleep(chance.random() / 50)
                service.kill()
                service.start()
            service.settle()
            until(lambda: [run["state"] for run in runs()] == ["done"] * DOCUMENTS, "all runs to end")
            self.assertEqual(sorted(numbers), sorted(run["document"]["id"] for run in runs()))
            for run in runs():
                self.assertEqual([(step, "done") for step in range(1, 8)],
                                 [(step["step"], step["outcome"]) for step in run["log"]])
            changed = [entry["object_id"] for entry in service.ok("GET", "/audit?action=document.changed&limit=200")["items"]]
            for number in numbers:
                document = service.document(number)
                self.assertEqual(6, len(document["tags"]))
                self.assertEqual(folder, document["folder"]["id"])
                self.assertEqual(7, changed.count(number), "one change for each action")


if __name__ == "__main__":
    unittest.main()

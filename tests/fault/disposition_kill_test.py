"""Kills the service with SIGKILL while batches are executed and purged and holds are placed, and proves that nothing
under an acknowledged hold is destroyed and that every outcome is known. MUNIMENT_KILLS says how often (12; by hand 500).

    MUNIMENT_KILLS=500 python3 tests/fault/disposition_kill_test.py
"""

import http.client
import json
import os
import pathlib
import random
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from service import Service, until  # noqa: E402

KILLS = int(os.environ.get("MUNIMENT_KILLS", "12"))
RECORDS_IN_A_BATCH = 12
BATCHES_MADE_AT_ONCE = 3
KILLED_WITHIN_SECONDS = 0.12
CONNECTION_LOST = (ConnectionError, http.client.HTTPException, OSError)
DUE, WINDOW_OVER = "2040-01-01", "2040-03-01"


class DispositionKills(unittest.TestCase):
    def setUp(self):
        self.chance = random.Random(int(os.environ.get("MUNIMENT_SEED", "1")))
        self.service = Service(demonstration="yes").start()
        self.addCleanup(self.service.__exit__)
        self.ask, self.ok = self.service.ask, self.service.ok
        self.service.sign_in()
        self.kills, self.numbers = 0, 0
        self.held, self.perhaps_held = set(), set()  # what was acknowledged, and what nobody answered for
        self.ok("POST", "/accounts", {"name": "berit", "role": "records-manager", "password": "a long enough password"})
        self.approver = self.service.command("token", "create", "berit").stdout.strip()
        schedule = self.ok("POST", "/schedules", {
            "code": "A2", "title": "Accounts", "triggers": [{"kind": "captured"}], "combine": "all",
            "cutoff": "none", "fiscal_start": 1, "period": "2 years", "action": "destroy", "kind": "minimum",
            "authority": "A decision"})
        self.node = self.ok("POST", "/classes", {"code": "3.1", "title": "Invoices", "schedule": schedule["id"],
                                                 "declares_on_filing": True})["id"]
        self.hold = self.ok("POST", "/holds", {"title": "Dispute", "reason": "A claim"})["id"]

    def declared_records(self):
        """Of some batches, by batch: made together, so that one start of the reader is enough for all."""
        documents = []
        for _ in range(RECORDS_IN_A_BATCH * BATCHES_MADE_AT_ONCE):
            self.numbers += 1
            answer = self.service.upload(f"{self.numbers}.txt", f"Invoice number {self.numbers} of many.\n".encode())
            documents.append((answer.json["id"], answer.json["job"]))
        for number, job in documents:
            self.service.wait_for_job(job)
            version = self.ok("GET", f"/documents/{number}")["version"]
            self.ok("PATCH", f"/documents/{number}", {"class": self.node}, version=version)
        numbers = [number for number, _ in documents]
        for number in numbers:
            until(lambda: (lambda answer: answer.status == 200 and answer.json["eligible_from"])(
                self.ask("GET", f"/documents/{number}/record")), f"the dates of record {number}")
        return [numbers[begin:begin + RECORDS_IN_A_BATCH] for begin in range(0, len(numbers), RECORDS_IN_A_BATCH)]

    def place_holds(self, numbers):
        """On records of the batch, in any order, as long as the service answers. What it acknowledged is remembered."""
        for number in self.chance.sample(numbers, len(numbers) // 3):
            try:
                if self.ask("POST", f"/holds/{self.hold}/documents", {"documents": [number]}).status == 200:
                    self.held.add(number)
            except CONNECTION_LOST:
                self.perhaps_held.add(number)
                return
            time.sleep(self.chance.uniform(0, 0.02))

    def killed_while(self, act, numbers):
        """Holds are placed, act() is asked for, and the service killed soon after."""
        holder = threading.Thread(target=self.place_holds, args=(numbers,))
        holder.start()
        try:
            act()
        except CONNECTION_LOST:
            pass
        time.sleep(self.chance.uniform(0, KILLED_WITHIN_SECONDS))
        self.service.kill()
        holder.join()
        self.service.start()
        self.kills += 1

    def outcomes(self, batch):
        return {item["id"]: item["outcome"] for item in self.ok("GET", f"/dispositions/{batch}/records")["items"]}

    def execute(self, path):
        batch = self.ok("GET", path)
        self.assertIn(batch["state"], ("approved", "executed", "withdrawn"), "what a kill interrupted is executed by people only")
        if batch["state"] == "approved":
            self.ask("POST", path + "/execute", version=batch["version"])

    def go_through(self, numbers):
        self.ok("PUT", "/retention/today", {"today": DUE})
        batch = self.ok("POST", "/dispositions", {"title": "Old", "action": "destroy", "documents": numbers})
        path, number = f"/dispositions/{batch['id']}", batch["id"]
        self.ok("POST", path + "/approve", {}, version=batch["version"], token=self.approver)
        while (state := self.ok("GET", path)["state"]) not in ("executed", "withdrawn"):
            self.killed_while(lambda: self.execute(path), numbers)
        if state == "withdrawn":  # on a slow machine the holds may reach all before anything is executed
            self.assertLessEqual(set(numbers), self.held | self.perhaps_held)
            return
        self.assertLessEqual(set(self.outcomes(number).values()), {"destroyed", "skipped", "failed"})
        self.killed_while(lambda: self.ok("PUT", "/retention/today", {"today": WINDOW_OVER}), numbers)
        self.killed_while(lambda: None, numbers)
        self.ok("PUT", "/retention/today", {"today": WINDOW_OVER})
        gone = [n for n, outcome in self.outcomes(number).items()
                if outcome in ("destroyed", "purged") and n not in self.held | self.perhaps_held]
        until(lambda: all(self.ask("GET", f"/tombstones/{n}").json.get("verified_at") for n in gone), "the purge")
        for record, outcome in self.outcomes(number).items():
            self.assertIn(outcome, ("purged", "destroyed", "skipped", "failed"))
            if record in self.held:
                self.assertNotEqual("purged", outcome, f"record {record} was under hold")
            elif outcome == "destroyed" and record not in self.perhaps_held:
                self.fail(f"record {record} is neither held nor purged")

    def test_no_hold_is_overtaken_and_no_outcome_unknown(self):
        batches = 0
        while self.kills < KILLS:
            for numbers in self.declared_records():
                if self.kills < KILLS:
                    self.go_through(numbers)
                    batches += 1
        self.assertTrue(self.held, "no hold was ever in time")
        with_files = json.loads(self.service.command("verify", "--json").stdout)
        self.assertEqual([], with_files["findings"])
        print(json.dumps({"kills": self.kills, "batches": batches, "records": self.numbers, "held": len(self.held)}))


if __name__ == "__main__":
    unittest.main()

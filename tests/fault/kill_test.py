"""Kills the service with SIGKILL at random moments while people upload, edit, search and throw away, and proves that
what it had acknowledged is there, once. MUNIMENT_KILLS says how often (20; by hand 100 and more).

    MUNIMENT_KILLS=120 python3 tests/fault/kill_test.py
"""

import hashlib
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
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
from service import PATIENCE, Service, until  # noqa: E402

KILLS = int(os.environ.get("MUNIMENT_KILLS", "20"))
EARLIEST_SECONDS, USUAL_SECONDS, LATEST_SECONDS = 0.05, 0.4, 2.5  # after a start
CONNECTION_LOST = (ConnectionError, http.client.HTTPException, OSError)


class Load:
    """What clients do and what they were told. A client that gets no answer asks again, with the same key."""

    def __init__(self, service):
        self.service = service
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.uploaded = {}   # hash -> the identifiers that were acknowledged for it
        self.titles = {}     # identifier -> what its title may be: the acknowledged one, or those that nobody answered for
        self.trashed = set()  # identifiers that were acknowledged as trashed
        self.notes = set()    # texts of acknowledged notes
        self.problems = []
        self.random = random.Random(7)

    def insist(self, act):
        """act() until the service answers with something other than 'not now'."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = act()
                if answer.status not in (503, 429):
                    return answer
            except CONNECTION_LOST:
                pass
            time.sleep(0.02)
        raise AssertionError("the service did not come back")

    def upload(self, worker):
        number = 0
        while not self.over.is_set():
            number += 1
            word = f"upload{worker}x{number}"
            if number % 5 == 0:
                name, content = f"{word}.pdf", demo_documents.pdf([[f"Paper {word}", f"It tells of {word}."]] * 3)
            else:
                name, content = f"{word}.txt", f"Note {word}\n\nIt tells of {word}.\n".encode()
            fields = {"keep_duplicate": "true"} if number % 3 == 0 else {}  # doubled, but for its key
            answer = self.insist(lambda: self.service.upload(name, content, key=f"key-{word}", **fields))
            if answer.status not in (200, 202):
                self.problems.append(f"upload of {word}: {answer.status} {answer.body[:300]}")
                continue
            with self.lock:
                self.uploaded.setdefault(hashlib.sha256(content).hexdigest(), set()).add(answer.json["id"])

    def some_document(self):
        with self.lock:
            everything = [i for ids in self.uploaded.values() for i in ids if i not in self.trashed]
        return self.random.choice(everything) if everything else None

    def some_documents(self):
        """Numbered from 1, one after the other until it is over."""
        number = 0
        while not self.over.is_set():
            document = self.some_document()
            if document is None:
                time.sleep(0.05)
                continue
            number += 1
            yield number, document

    def edit(self):
        for number, document in self.some_documents():
            title = f"Edited {number}"
            path = f"/api/v1/documents/{document}"
            before = self.insist(lambda: self.service.request("GET", path))
            if before.status != 200:
                continue
            # None: the title that nobody edited, until an edit is acknowledged.
            possible = self.titles.setdefault(document, {None})
            possible.add(title)
            try:
                answer = self.service.request("PATCH", path, {"title": title}, headers={"If-Match": before.headers["ETag"]})
            except CONNECTION_LOST:
                continue  # nobody knows: both titles are right
            if answer.status == 200:
                self.titles[document] = {title}
            elif answer.status not in (404, 409, 412, 503):
                self.problems.append(f"edit: {answer.status} {answer.body[:300]}")
            else:
                possible.discard(title)

    def note(self):
        for number, document in self.some_documents():
            text = f"Noted {number}"
            answer = self.insist(lambda: self.service.request("POST", f"/api/v1/documents/{document}/notes", {"text": text},
                                                              headers={"Idempotency-Key": text}))
            if answer.status == 201 or "was carried out" in answer.body.decode():
                self.notes.add(text)
            elif answer.status not in (404, 409):
                self.problems.append(f"note: {answer.status} {answer.body[:300]}")

    def throw_away(self):
        while not self.over.is_set():
            time.sleep(self.random.uniform(0.1, 0.4))
            document = self.some_document()
            if document is None:
                continue
            path = f"/api/v1/documents/{document}"
            before = self.insist(lambda: self.service.request("GET", path))
            if before.status != 200:
                continue
            try:
                answer = self.service.request("DELETE", path, headers={"If-Match": before.headers["ETag"]})
            except CONNECTION_LOST:
                continue
            if answer.status == 204:
                with self.lock:
                    self.trashed.add(document)

    def search(self):
        while not self.over.is_set():
            answer = self.insist(lambda: self.service.request("GET", "/api/v1/documents?q=tells&facets=language,year"))
            if answer.status != 200:
                self.problems.append(f"search: {answer.status} {answer.body[:300]}")

    def run(self, work, *arguments):
        try:
            work(*arguments)
        except Exception as error:  # in a thread: told in the test
            self.problems.append(f"{work.__name__}: {error!r}")

    def start(self):
        workers = [(self.upload, 1), (self.upload, 2), (self.edit,), (self.note,), (self.throw_away,), (self.search,)]
        self.threads = [threading.Thread(target=self.run, args=worker) for worker in workers]
        for thread in self.threads:
            thread.start()

    def finish(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


class Kills(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_or_doubled(self):
        chance = random.Random(int(os.environ.get("MUNIMENT_SEED", "1")))
        with Service() as service:
            service.sign_in()
            load = Load(service)
            load.start()
            restarts = []
            for _ in range(KILLS):
                # Mostly soon, while much begins; now and then late enough for documents to get through.
                time.sleep(min(LATEST_SECONDS, EARLIEST_SECONDS + chance.expovariate(1 / USUAL_SECONDS)))
                service.kill()
                begun = time.monotonic()
                service.start()
                restarts.append(time.monotonic() - begun)
            load.finish()
            self.assertEqual([], load.problems)
            service.settle()
            self.check(service, load)
            print(json.dumps({"kills": KILLS, "acknowledged_documents": len(load.uploaded), "edited": len(load.titles),
                              "trashed": len(load.trashed), "slowest_restart_seconds": round(max(restarts), 2)}))

    def check(self, service, load):
        self.assertGreater(len(load.uploaded), KILLS, "too little was uploaded to prove anything")
        for content, identifiers in load.uploaded.items():
            self.assertEqual(1, len(identifiers), f"one file, several documents: {identifiers}")
            document = service.document(next(iter(identifiers)))
            self.assertEqual(content, document["sha256"])
            self.assertIn(document["state"], ("ready",) if document["trashed_at"] is None else ("ready", "quarantined"))
        status = service.request("GET", "/api/v1/admin/status").json
        self.assertEqual(len(load.uploaded), status["documents"] + status["in_trash"])
        for identifier, titles in load.titles.items():
            title = service.document(identifier)["title"]
            self.assertIn(title if title.startswith("Edited") else None, titles, f"document {identifier}")
        for identifier in load.trashed:
            self.assertIsNotNone(service.document(identifier)["trashed_at"])
        noted = [note["text"] for ids in load.uploaded.values() for i in ids
                 for note in service.request("GET", f"/api/v1/documents/{i}/notes").json["items"]]
        self.assertEqual(len(set(noted)), len(noted), "a note was made twice")
        self.assertEqual(set(), load.notes - set(noted))
        verification = json.loads(service.command("verify", "--json").stdout)
        self.assertEqual([], verification["findings"])
        untrashed = [i for ids in load.uploaded.values() for i in ids
                     if service.document(i)["trashed_at"] is None]
        self.assertEqual(len(untrashed), service.search("tells")["total"])


if __name__ == "__main__":
    unittest.main()

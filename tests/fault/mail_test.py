"""Lets a mailbox of a real IMAP server meet with misfortune: connections cut at a random byte, the server or the service
killed at one, the archive's disk full. Then every mail is in the archive once, and where it belongs in the mailbox.
MUNIMENT_FAULTS says how many (210), MUNIMENT_SEED which.

    MUNIMENT_FAULTS=1000 MUNIMENT_SEED=7 python3 tests/fault/mail_test.py
"""

import collections
import hashlib
import http.client
import json
import os
import pathlib
import random
import smtplib
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
from dovecot import Dovecot, free_port  # noqa: E402
from faulty_proxy import FaultyProxy  # noqa: E402
from service import Service, until  # noqa: E402

FAULTS = int(os.environ.get("MUNIMENT_FAULTS", "210"))
CONNECTION_LOST = (ConnectionError, http.client.HTTPException, OSError)
# A little more than most visits move: a few faults come after the end of one.
MOST_BYTES = 9_000
TARGET, TARGET_ON_THE_WIRE = "Arkiverade åren", "Arkiverade &AOU-ren"


class MailFaults(unittest.TestCase):
    def test_every_mail_is_taken_once(self):
        self.chance = random.Random(int(os.environ.get("MUNIMENT_SEED", "1")))
        self.mails = []
        self.expected = set()  # hashes of what has to be a document
        self.done = collections.Counter()
        with Dovecot() as self.dovecot, FaultyProxy(self.dovecot.tls_port) as self.proxy, \
                Service(mail_ca_file=self.dovecot.ca_file) as self.service:
            self.service.sign_in()
            self.mailbox = self.service.ok("POST", "/mailboxes", {
                "name": "Faults", "host": "127.0.0.1", "port": self.proxy.port, "login": Dovecot.LOGIN,
                "password": Dovecot.PASSWORD, "afterwards": "move", "move_to": TARGET, "interval_seconds": 600_000,
                "rules": [{"subject": "scan", "takes": "attachments"}]})["id"]
            faults = [self.cut] * 16 + [self.kill_server] * 2 + [self.kill_service] * 2 + [self.fill_disk]
            # A connection that was cut after its use is no fault.
            while self.done.total() - self.done["cut after a visit"] < FAULTS:
                self.dovecot.deliver([self.mail(len(self.mails)) for _ in range(self.chance.randint(1, 2))])
                faults[self.done.total() % len(faults)]()
            self.drain()
            self.check()
            print(json.dumps({"mails": len(self.mails), "faults": dict(self.done)}))

    def mail(self, number):
        body = "".join(self.chance.choices("abcdefghij \n", k=self.chance.randint(10, 3000))).replace("\n", "\r\n")
        attachment = f"Paper {number} {body}"
        scan = number % 5 == 0
        text = (f"From: copier@example.org\r\nTo: archive@example.org\r\nSubject: {'Scan' if scan else 'Letter'} {number}\r\n"
                f"Message-ID: <{number}@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                f"--b\r\nContent-Type: text/plain\r\n\r\nNumber {number}\r\n")
        if scan:
            text += (f"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"{number}.txt\"\r\n\r\n"
                     f"{attachment}\r\n")
        content = (text + "--b--\r\n").encode()
        self.expected.add(hashlib.sha256(attachment.encode() if scan else content).hexdigest())
        self.mails.append(content)
        return content

    # --- faults ---

    def during_visit(self, fault):
        """A visit in which, or after which, fault() happens."""
        self.proxy.arm(self.chance.randrange(MOST_BYTES), fault)
        try:
            self.visit(self.proxy.fired.is_set)
        except CONNECTION_LOST:
            pass  # the fault was the end of the service
        happened = self.proxy.disarm()
        self.done[f"{fault.__name__} {'during' if happened else 'after'} a visit"] += 1
        return happened

    def cut(self):
        self.during_visit(self.proxy.cut)

    def kill_server(self):
        if not self.during_visit(self.dovecot.kill):
            self.dovecot.kill()
        self.proxy.cut()
        self.dovecot.start()

    def kill_service(self):
        if not self.during_visit(self.service.kill):
            self.service.kill()
        self.proxy.cut()
        self.service.start()

    def fill_disk(self):
        """No disk has as much free as the archive wants it to keep."""
        self.restart(MUNIMENT_INTAKE_FREE_DISK="1000000 GiB")
        self.visit()
        self.assertIn("too full", self.service.ok("GET", f"/mailboxes/{self.mailbox}")["state"]["problem"])
        self.restart(MUNIMENT_INTAKE_FREE_DISK="0")
        self.done["disk full"] += 1

    def restart(self, **environment):
        self.service.kill()
        self.service.environment.update(environment)
        self.service.start()

    # --- ---

    def visit(self, enough=lambda: False):
        """Returns when the visit is over, or enough() happened."""
        path = f"/mailboxes/{self.mailbox}"
        before = self.service.ok("GET", path)["state"]["visited_at"]
        self.service.ok("POST", path + "/visits")
        until(lambda: enough() or self.service.ok("GET", path)["state"]["visited_at"] != before, "the visit to end")
        return self.service.ok("GET", path)["state"]

    def drain(self):
        """Visits without faults, until nothing is left to do."""
        for _ in range(10):
            state = self.visit()
            if not state["problem"] and state["failed"] == 0 and not self.dovecot.mails():
                return
        self.fail(f"the mailbox does not become empty: {state}\n{self.service.log_text()[-3000:]}")

    def check(self):
        until(lambda: self.service.ok("GET", "/admin/status")["index"].get("pending", 0) == 0, "the list to be complete")
        documents, cursor = collections.Counter(), ""
        while cursor is not None:
            page = self.service.ok("GET", "/documents?limit=200" + (f"&cursor={cursor}" if cursor else ""))
            for item in page["items"]:
                documents[self.service.document(item["id"])["sha256"]] += 1
            cursor = page["next"]
        self.assertEqual(dict.fromkeys(self.expected, 1), dict(documents))
        self.assertEqual(len(self.expected), self.service.ok("GET", "/admin/status")["documents"])
        self.assertEqual(set(self.mails), {content for _, content in self.dovecot.mails(TARGET_ON_THE_WIRE)})
        verification = json.loads(self.service.command("verify", "--json").stdout)
        self.assertEqual([], verification["findings"])


class DeviceFaults(unittest.TestCase):
    def test_every_scan_that_was_answered_is_kept_once(self):
        """A device whose connection is cut, or whose archive is killed, sends again until it is answered."""
        chance = random.Random(int(os.environ.get("MUNIMENT_SEED", "1")))
        port, expected, faults = free_port(), set(), collections.Counter()
        with Service(mail_listen=f"127.0.0.1:{port}") as service, FaultyProxy(port) as proxy:
            service.sign_in()
            for number in range(FAULTS // 5):
                paper = f"Paper {number} " + "".join(chance.choices("abcdefghij ", k=chance.randint(10, 3000))) + "\r\n"
                expected.add(hashlib.sha256(paper.encode()).hexdigest())
                fault = service.kill if number % 8 == 7 else proxy.cut
                proxy.arm(chance.randrange(2000), fault)
                while not self.is_answered(proxy.port, self.scan(number, paper)):
                    if service.process.poll() is not None and proxy.fired.wait():
                        service.start()
                if proxy.disarm():
                    faults[fault.__name__] += 1
                if service.process.poll() is not None:
                    service.start()
            until(lambda: service.ok("GET", "/admin/status")["index"].get("pending", 0) == 0, "the list to be complete")
            kept = collections.Counter(service.document(item["id"])["sha256"]
                                       for item in service.ok("GET", "/documents?limit=200")["items"])
            self.assertEqual(dict.fromkeys(expected, 1), dict(kept))
            self.assertGreater(faults.total(), FAULTS // 12, "too little went wrong to prove anything")
            print(json.dumps({"scans": len(expected), "faults": dict(faults)}))

    @staticmethod
    def scan(number, paper):
        return (f"From: copier@example.org\r\nTo: scan@archive\r\nSubject: Scan {number}\r\nMIME-Version: 1.0\r\n"
                "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=\"paper.txt\"\r\n\r\n" + paper)

    @staticmethod
    def is_answered(port, scan):
        try:
            with smtplib.SMTP("127.0.0.1", port) as device:
                device.sendmail("copier@example.org", ["scan@archive"], scan)
            return True
        except (smtplib.SMTPException, OSError):
            return False


if __name__ == "__main__":
    unittest.main()

"""What goes wrong around the service, one thing at a time."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
import service as program  # noqa: E402
from service import Service, until  # noqa: E402


class Disk(unittest.TestCase):
    def test_a_disk_at_its_floor_refuses_and_serves(self):
        """Below the floor is room for what the service itself writes: audit entries, the index, its log."""
        with self.small_disk() as directory, Service(data=directory, intake_free_disk="16 MiB") as service:
            kept = self.fill_up(service)
            for number, content in kept.items():
                self.assertEqual(content, service.request("GET", f"/api/v1/documents/{number}/original").body)
            self.assert_recovers(service, directory, kept)

    def test_a_disk_full_to_the_last_byte_loses_nothing(self):
        """A copy leaves an audit entry before its first byte goes out; where none can be written, none goes out."""
        with self.small_disk() as directory, Service(data=directory) as service:
            kept = self.fill_up(service)
            for number, content in kept.items():
                answer = service.request("GET", f"/api/v1/documents/{number}/original")
                if answer.status == 507:
                    self.assertEqual("storage_full", answer.json["code"])
                else:
                    self.assertEqual(content, answer.body)
            self.assert_recovers(service, directory, kept)

    @contextlib.contextmanager
    def small_disk(self):
        with tempfile.TemporaryDirectory() as directory:
            # Needs the right to mount; without it this fails, because a test that is skipped proves nothing.
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", directory], check=True)
            try:
                yield directory
            finally:
                subprocess.run(["umount", directory], check=True)

    def fill_up(self, service):
        """Documents until one is refused: what was acknowledged, by number."""
        service.sign_in()
        kept = {}
        for number in range(200):
            content = os.urandom(600_000)
            answer = service.upload(f"{number}.bin", content)
            if answer.status == 507:
                break
            self.assertEqual(202, answer.status, answer.body)
            kept[answer.json["id"]] = content
        else:
            self.fail("the disk never became full")
        self.assertEqual("storage_full", answer.json["code"])
        self.assertEqual(200, service.request("GET", "/api/v1/documents").status)
        return kept

    def assert_recovers(self, service, directory, kept):
        subprocess.run(["mount", "-o", "remount,size=112m", directory], check=True)
        for number, content in kept.items():
            self.assertEqual(content, service.request("GET", f"/api/v1/documents/{number}/original").body)
        self.assertEqual(202, service.upload("after.txt", b"There is room again.\n").status)
        until(lambda: service.search("room")["items"], "the document that came after")
        self.assertTrue(json.loads(service.command("verify", "--json").stdout)["sound"])
        service.stop()

    def test_a_damaged_original_is_found(self):
        with Service() as service:
            service.sign_in()
            number = service.upload("a.txt", b"An original that will suffer.\n").json["id"]
            self.assertTrue(json.loads(service.command("verify", "--json").stdout)["sound"])
            digest = service.document(number)["sha256"]
            blob = service.data / "blobs" / digest[:2] / digest[2:4] / digest
            os.chmod(blob, 0o640)
            blob.write_bytes(b"An original that has suffered\n"[:blob.stat().st_size])
            found = json.loads(service.command("verify", "--json", expect=1).stdout)
            self.assertFalse(found["sound"])
            self.assertTrue(any(digest in finding for finding in found["findings"]), found)

    def test_a_missing_original_is_found(self):
        with Service() as service:
            service.sign_in()
            number = service.upload("a.txt", b"An original that will vanish.\n").json["id"]
            digest = service.document(number)["sha256"]
            (service.data / "blobs" / digest[:2] / digest[2:4] / digest).unlink()
            self.assertIn(digest, service.command("verify", expect=1).stdout)

    def test_a_file_that_a_crash_left_goes_once_it_was_known_for_long_enough(self):
        with Service() as service:
            service.sign_in()
            service.upload("a.txt", b"A document that stays.\n")
            kept = service.document(service.upload("b.txt", b"Another one.\n").json["id"])["sha256"]
            content = b"Bytes that no document ever had.\n"
            digest = hashlib.sha256(content).hexdigest()
            leftover = service.data / "blobs" / digest[:2] / digest[2:4] / digest
            leftover.parent.mkdir(parents=True)
            leftover.write_bytes(content)
            sweep = lambda: json.loads(service.command("sweep", "--json").stdout)  # noqa: E731
            self.assertEqual({"removed": 0, "removed_bytes": 0, "waiting": 1, "waiting_bytes": len(content), "paused": False}, sweep())
            self.assertTrue(leftover.exists())
            service.stop()
            service.environment["MUNIMENT_BLOBS_UNREFERENCED_KEPT"] = "0s"
            service.start()
            self.assertEqual({"removed": 1, "removed_bytes": len(content), "waiting": 0, "waiting_bytes": 0, "paused": False}, sweep())
            self.assertFalse(leftover.exists())
            self.assertTrue((service.data / "blobs" / kept[:2] / kept[2:4] / kept).exists())
            entry, = service.ok("GET", "/audit?action=blobs.removed")["items"]
            self.assertIn(digest, json.dumps(entry))
            verification = json.loads(service.command("verify", "--json").stdout)
            self.assertTrue(verification["sound"], verification)
            self.assertEqual(0, verification["unreferenced_blobs"])

    def test_what_comes_again_mends_a_damaged_original(self):
        """A watched folder gives its file away for good: what is left in the archive must be the file."""
        content = b"An original that is sent again.\n"
        with tempfile.TemporaryDirectory() as watched, Service(watch_folders=watched, watch_settle="1s") as service:
            service.sign_in()
            number = service.upload("a.txt", content).json["id"]
            digest = service.document(number)["sha256"]
            blob = service.data / "blobs" / digest[:2] / digest[2:4] / digest
            os.chmod(blob, 0o640)
            blob.write_bytes(b"Z" * len(content))
            file = pathlib.Path(watched, "a.txt")
            file.write_bytes(content)
            until(lambda: not file.exists(), "the watched file taken")
            self.assertEqual(content, service.request("GET", f"/api/v1/documents/{number}/original").body)
            blob.unlink()
            self.assertEqual(number, service.upload("a.txt", content).json["duplicate_of"])
            self.assertEqual(content, service.request("GET", f"/api/v1/documents/{number}/original").body)

    def test_an_index_that_is_gone_is_made_anew_without_reading_again(self):
        with Service() as service:
            service.sign_in()
            job = service.upload("a.pdf", demo_documents.pdf([["Cormorant", "A cormorant dries its wings."]])).json["job"]
            service.wait_for_job(job)
            until(lambda: service.search("cormorant")["items"], "the document")
            reads = [j for j in service.request("GET", "/api/v1/jobs").json["items"] if j["kind"] == "read"]
            service.stop()
            shutil.rmtree(service.data / "index")
            service.start()
            self.assert_found_or_being_made(service, "cormorant")
            self.assertEqual(reads, [j for j in service.request("GET", "/api/v1/jobs").json["items"] if j["kind"] == "read"])
            self.assertTrue(json.loads(service.command("verify", "--json").stdout)["sound"])

    def test_a_damaged_index_is_made_anew(self):
        with Service() as service:
            service.sign_in()
            service.upload("a.txt", b"A bittern booms.\n")
            until(lambda: service.search("bittern")["items"], "the document")
            service.stop()
            for path in (service.data / "index").rglob("*"):
                if path.is_file():
                    path.write_bytes(b"\0" * path.stat().st_size)
            service.start()
            self.assert_found_or_being_made(service, "bittern")

    def assert_found_or_being_made(self, service, word):
        """Until the index is made anew, the answer says so."""
        def found():
            answer = service.request("GET", "/api/v1/documents?q=" + word)
            self.assertIn(answer.status, (200, 503))
            if answer.status == 503:
                self.assertIn("being made anew", answer.json["detail"])
            return answer.json.get("items")

        until(found, "the index made anew")


class Processes(unittest.TestCase):
    def test_a_second_service_is_refused(self):
        with Service() as service:
            second = service.command("serve", "--listen", "127.0.0.1:0", expect=1)
            self.assertIn(str(service.data), second.stderr)
            self.assertEqual(200, service.request("GET", "/healthz").status)

    def test_a_service_that_was_killed_leaves_no_lock(self):
        with Service() as service:
            service.sign_in()
            service.kill()
            service.start()
            self.assertEqual(200, service.request("GET", "/api/v1/documents").status)

    def test_it_stops_gracefully_under_load(self):
        with Service() as service:
            service.sign_in()
            for number in range(20):
                service.upload(f"{number}.pdf", demo_documents.pdf([[f"Paper {number}", "Tern and plover."]] * 10))
            self.assertEqual(0, service.stop())
            service.start()
            until(lambda: service.search("plover")["total"] == 20, "twenty documents")


class Readers(unittest.TestCase):
    """A file that takes its reader over ends in quarantine; the others go on."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp()
        shutil.copy2(program.PROGRAM, pathlib.Path(cls.directory, "muniment"))
        shutil.copy2(pathlib.Path(program.PROGRAM).parent / "misbehaving_extract",
                     pathlib.Path(cls.directory, "muniment-extract"))
        cls.honest = program.PROGRAM
        program.PROGRAM = str(pathlib.Path(cls.directory, "muniment"))

    @classmethod
    def tearDownClass(cls):
        program.PROGRAM = cls.honest
        shutil.rmtree(cls.directory)

    def test_only_the_one_that_misbehaves_is_quarantined(self):
        ways = ["crash", "hang", "spin", "memory", "silent", "forbidden", "nonsense", "endless", "late crash", "late memory"]
        with Service(reading_page_deadline="2s") as service:
            service.sign_in()
            bad, good = {}, {}
            for number, way in enumerate(ways):
                answer = service.upload(f"bad{number}", f"MISBEHAVE {way}".encode())
                bad[answer.json["job"]] = way
                answer = service.upload(f"good{number}.txt", f"A harmless heron, number {number}.\n".encode())
                good[answer.json["job"]] = number
            for job in good:
                self.assertEqual("done", service.wait_for_job(job)["state"])
            for job, way in bad.items():
                ended = service.wait_for_job(job)
                self.assertEqual("failed", ended["state"], (way, ended))
                self.assertTrue(ended["problem"]["detail"], way)
            self.assertEqual(len(ways), len(service.request("GET", "/api/v1/quarantine?limit=100").json["items"]))
            until(lambda: service.search("heron")["total"] == len(ways), "the harmless ones")
            self.assertTrue(json.loads(service.command("verify", "--json").stdout)["sound"])

    def test_quarantine_can_be_left(self):
        with Service(reading_page_deadline="2s") as service:
            service.sign_in()
            added = service.upload("bad", b"MISBEHAVE crash").json
            service.wait_for_job(added["job"])
            document = service.document(added["id"])
            self.assertEqual("quarantined", document["state"])
            self.assertEqual(b"MISBEHAVE crash", service.request("GET", f"/api/v1/documents/{added['id']}/original").body)
            filed = service.request("POST", f"/api/v1/documents/{added['id']}/file-without-text")
            self.assertLess(filed.status, 300, filed.body)
            self.assertEqual(("ready", False), (lambda d: (d["state"], d["has_text"]))(service.document(added["id"])))


if __name__ == "__main__":
    unittest.main()

"""From the files to the search result, through the built program on a real port."""

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
import service as service_module  # noqa: E402
from service import Service, until  # noqa: E402


def letter(word):
    return demo_documents.pdf([[f"Letter about {word}", "", f"The {word} was delivered on 12 March 2023."],
                               ["Page two", "", "An enclosure that speaks of harbours."]])


class FirstRun(unittest.TestCase):
    def test_the_first_account_needs_the_code(self):
        with Service() as service:
            person = {"name": "anna", "display_name": "Anna", "password": "a long enough password", "language": "en"}
            self.assertEqual(403, service.request("POST", "/api/v1/setup", {**person, "code": "guess"}).status)
            made = service.request("POST", "/api/v1/setup", {**person, "code": service.setup_code})
            self.assertEqual(201, made.status, made.body)
            self.assertEqual(409, service.request("POST", "/api/v1/setup", {**person, "code": service.setup_code}).status)

    def test_health(self):
        with Service() as service:
            self.assertEqual(b"ok\n", service.request("GET", "/healthz").body)
            until(lambda: service.request("GET", "/readyz").status == 200, "readiness")
            self.assertIn(b"muniment_documents 0", service.request("GET", "/metrics").body)

    def test_it_is_not_ready_without_its_reader(self):
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy2(service_module.PROGRAM, directory)
            with Service(program=pathlib.Path(directory, pathlib.Path(service_module.PROGRAM).name)) as service:
                answer = service.request("GET", "/readyz")
                self.assertEqual(503, answer.status)
                self.assertIn("muniment-extract does not run", " ".join(answer.json["problems"]))

    def test_nobody_gets_in_without_signing_in(self):
        with Service() as service:
            self.assertEqual(401, service.request("GET", "/api/v1/documents").status)
            self.assertEqual(0o600, os.stat(service.data / "service.json").st_mode & 0o777)


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service().start()
        cls.service.sign_in()

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def add(self, name, content):
        answer = self.service.upload(name, content)
        self.assertEqual(202, answer.status, answer.body)
        job = self.service.wait_for_job(answer.json["job"])
        self.assertEqual("done", job["state"], job)
        return answer.json["id"]

    def test_an_uploaded_pdf_is_found_with_its_page(self):
        number = self.add("letter.pdf", letter("xylophone"))
        found = self.service.search("xylophone")
        self.assertEqual([number], [item["id"] for item in found["items"]])
        second_page = self.service.search("harbours")["items"]
        self.assertEqual([(number, 2)], [(item["id"], item["snippets"][0]["page"]) for item in second_page])
        self.assertEqual(letter("xylophone"),
                         self.service.request("GET", f"/api/v1/documents/{number}/original").body)

    def test_a_scan_is_read(self):
        with tempfile.TemporaryDirectory() as directory:
            paper, picture = pathlib.Path(directory, "a.pdf"), pathlib.Path(directory, "a.png")
            paper.write_bytes(demo_documents.pdf([["Marmalade receipt", "", "Three jars of marmalade were sold."]]))
            import random
            demo_documents.scan(paper, picture, random.Random(3))
            number = self.add("receipt.png", picture.read_bytes())
        self.assertEqual([number], [item["id"] for item in self.service.search("marmalade")["items"]])
        archive = self.service.request("GET", f"/api/v1/documents/{number}/archive")
        self.assertEqual((200, b"%PDF"), (archive.status, archive.body[:4]))

    def test_a_duplicate_is_answered_with_what_is_there(self):
        number = self.add("first.txt", b"The same bytes twice: quixotic.\n")
        again = self.service.upload("second.txt", b"The same bytes twice: quixotic.\n")
        self.assertEqual(200, again.status)
        self.assertEqual(number, again.json["duplicate_of"])

    def test_a_change_is_found_and_a_trashed_document_is_not(self):
        number = self.add("plain.txt", b"Something about zeppelins.\n")
        etag = self.service.request("GET", f"/api/v1/documents/{number}").headers["ETag"]
        changed = self.service.request("PATCH", f"/api/v1/documents/{number}", {"title": "Airborne"},
                                       headers={"If-Match": etag})
        self.assertEqual(200, changed.status, changed.body)
        until(lambda: self.service.search("title:airborne")["items"], "the new title")
        gone = self.service.request("DELETE", f"/api/v1/documents/{number}",
                                    headers={"If-Match": changed.headers["ETag"]})
        self.assertIn(gone.status, (200, 204), gone.body)
        until(lambda: not self.service.search("zeppelins")["items"], "the index to forget")

    def test_a_file_of_no_known_kind_is_kept(self):
        content = bytes(range(256)) * 8
        number = self.add("blob.bin", content)
        document = self.service.document(number)
        self.assertEqual(("ready", False), (document["state"], document["has_text"]))
        self.assertEqual(hashlib.sha256(content).hexdigest(), document["sha256"])


class Encrypted(unittest.TestCase):
    def test_an_encrypted_file_is_unlocked_again_after_a_restart(self):
        with Service() as service:
            service.sign_in()
            with tempfile.TemporaryDirectory() as directory:
                plain, locked = pathlib.Path(directory, "plain.pdf"), pathlib.Path(directory, "locked.pdf")
                plain.write_bytes(letter("saxifrage"))
                subprocess.run(["mutool", "clean", "-E", "aes-256", "-U", "sesame", "-O", "owner", plain, locked], check=True)
                answer = service.upload("locked.pdf", locked.read_bytes())
            number, job = answer.json["id"], answer.json["job"]
            self.assertEqual("waiting", service.wait_for_job(job)["state"])
            unlock = f"/api/v1/documents/{number}/unlock"
            self.assertEqual(409, service.request("POST", unlock, {"password": "open"}).status)
            self.assertEqual(202, service.request("POST", unlock, {"password": "sesame"}).status)
            self.assertEqual("done", service.wait_for_job(job)["state"])
            self.assertFalse(service.document(number)["locked"])

            self.assertEqual(0, service.stop())
            service.start()
            self.assertEqual((True, "ready"), (service.document(number)["locked"], service.document(number)["state"]))
            self.assertEqual([number], [item["id"] for item in service.search("saxifrage")["items"]])
            image = f"/api/v1/documents/{number}/pages/2/image?w=800"
            refused = service.request("GET", image)
            self.assertEqual((409, "password_needed"), (refused.status, refused.json["code"]))
            wrong = service.request("POST", unlock, {"password": "open"})
            self.assertEqual((409, "password_needed"), (wrong.status, wrong.json["code"]))
            self.assertEqual(204, service.request("POST", unlock, {"password": "sesame"}).status)
            self.assertFalse(service.document(number)["locked"])
            self.assertEqual(200, service.request("GET", image).status)


class Installed(unittest.TestCase):
    def test_it_runs_from_where_it_was_installed(self):
        with tempfile.TemporaryDirectory() as prefix:
            subprocess.run(["cmake", "--install", pathlib.Path(service_module.PROGRAM).parents[1], "--prefix", prefix],
                           check=True, stdout=subprocess.DEVNULL)
            page = pathlib.Path(prefix, "share/muniment/page/index.html")
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("<!doctype html><title>the installed page</title>")
            with Service(program=pathlib.Path(prefix, "bin/muniment"), directory="/") as service:
                service.sign_in()
                self.assertIn(b"the installed page", service.request("GET", "/").body)
                job = service.wait_for_job(service.upload("a.txt", b"A solitary heron.\n").json["job"])
                self.assertEqual("done", job["state"], job)


class CommandLine(unittest.TestCase):
    def test_folders_go_in_and_come_out(self):
        with tempfile.TemporaryDirectory() as directory, Service() as service:
            for i in range(20):
                path = pathlib.Path(directory, f"{i % 3}", f"note{i}.txt")
                path.parent.mkdir(exist_ok=True)
                path.write_text(f"Note number {i} on gardening and brickwork{i}.\n")
            done = service.command("ingest", "--wait", "--json", directory)
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual(["done"] * 20, [line["state"] for line in lines])
            found = json.loads(service.command("search", "--json", "brickwork7").stdout)
            self.assertEqual(1, found["total"])
            self.assertGreater(found["hits"][0]["score"], 0)
            identifier = found["hits"][0]["id"]
            self.assertIn("brickwork7", service.command("show", identifier, "--text").stdout)
            target = pathlib.Path(directory, "out.txt")
            service.command("get", identifier, "-o", target)
            self.assertIn("brickwork7", target.read_text())
            self.assertEqual(20, json.loads(service.command("status", "--json").stdout)["documents"])
            self.assertTrue(json.loads(service.command("verify", "--json").stdout)["sound"])
            again = service.command("ingest", "--wait", directory)  # the file that "get" wrote is in it now
            self.assertEqual("0 taken in, 21 there already, 0 refused\n", again.stdout)
            service.sign_in()
            version = service.ok("GET", f"/documents/{identifier}")["version"]
            self.assertEqual(204, service.ask("DELETE", f"/documents/{identifier}", version=version).status)
            again = service.command("ingest", "--wait", directory)
            self.assertEqual("0 taken in, 21 there already, 2 of them in the trash (restore what is to stay), 0 refused\n", again.stdout)

    def test_what_is_taken_in_is_filed_as_told(self):
        with tempfile.TemporaryDirectory() as directory, Service() as service:
            service.sign_in()

            def made(kind, body):
                answer = service.request("POST", f"/api/v1/{kind}", body)
                self.assertEqual(201, answer.status, answer.body)
                return answer.json["id"]

            node = made("classes", {"code": "3.1", "title": "Invoices"})
            kind, sender, tag = (made(what, {"name": what}) for what in ("types", "correspondents", "tags"))
            path = pathlib.Path(directory, "a.txt")
            path.write_text("A solitary curlew.\n")
            done = service.command("ingest", "--wait", "--json", "--class", node, "--type", kind, "--correspondent", sender,
                                   "--tag", tag, "--language", "swe", path)
            document = service.document(json.loads(done.stdout)["id"])
            self.assertEqual([node, kind, sender, [tag], "swe"],
                             [document["class"]["id"], document["type"]["id"], document["correspondent"]["id"],
                              [one["id"] for one in document["tags"]], document["language"]])
            path.write_text("Another curlew.\n")
            refused = service.command("ingest", "--class", 4711, path, expect=1)
            self.assertIn("class", refused.stderr + refused.stdout)

    def test_it_works_without_a_running_service(self):
        with tempfile.TemporaryDirectory() as directory, Service() as service:
            self.assertEqual(0, service.stop())
            self.assertFalse((service.data / "service.json").exists())
            path = pathlib.Path(directory, "a.txt")
            path.write_text("A solitary pelican.\n")
            service.command("ingest", "--wait", path)
            self.assertIn("pelican", service.command("search", "pelican").stdout)

    def test_wrong_calls(self):
        with Service() as service:
            service.stop()
            for arguments, word in [(["frobnicate"], "frobnicate"), (["show"], "number"), (["show", "x"], "\"x\""),
                                    (["ingest", "/no/such/file"], "/no/such/file"), (["search", "--limit", "no", "a"], "--limit"),
                                    (["user", "add", "eve"], "--role"), (["user", "fly"], "reset-second-factor"), (["audit"], "verify"),
                                    (["report", "weather"], "growth"), (["search"], "what to search for"), (["sweep", "now"], "\"now\""),
                                    (["show", "1", "2"], "\"2\""), (["show", "1", "--json", "--text"], "--json and --text"),
                                    (["get", "1", "--archive", "--original", "-o", "x"], "--original and --archive"),
                                    (["serve", "--listen", "nowhere"], "--listen: \"nowhere\""),
                                    (["api", "place_hold", "colour=red"], "colour")]:
                done = service.command(*arguments, expect=2)
                self.assertIn(word, done.stderr)
                self.assertEqual(1, done.stderr.count("\n"), done.stderr)
            no_file = subprocess.run([service_module.PROGRAM, "--config", "/no/such.conf", "status"], capture_output=True, text=True)
            self.assertEqual((2, "muniment: --config: there is no file /no/such.conf\n"), (no_file.returncode, no_file.stderr))
            refused = service.command("user", "add", "eve", "--role", "boss", "--password-stdin",
                                      stdin="a long enough password\n", expect=1).stderr
            self.assertIn("role", refused)
            self.assertNotIn("/role", refused)
            for command in ["serve", "ingest", "search", "show", "get", "status", "verify", "reindex", "backup", "restore"]:
                self.assertIn(command, service.command(command, "--help").stdout)

    def test_a_bad_configuration_is_named(self):
        with Service() as service:
            service.stop()
            (service.data / "muniment.conf").write_text("intake.max_file_sise = 3\n")
            done = service.command("serve", expect=1)
            self.assertIn("muniment.conf", done.stderr)
            self.assertIn("intake.max_file_size", done.stderr)
            (service.data / "muniment.conf").write_text("reading.languages = eng, xyz\n")
            done = service.command("serve", expect=1)
            self.assertIn("xyz.traineddata", done.stderr)
            self.assertIn("swe", done.stderr)


class Copies(unittest.TestCase):
    def test_backup_and_restore(self):
        with tempfile.TemporaryDirectory() as directory, Service() as service:
            service.sign_in()
            numbers = [service.upload(f"{i}.txt", f"Backed up words: kumquat {i}.\n".encode()).json["id"] for i in range(5)]
            until(lambda: len(service.search("kumquat")["items"]) == 5, "five documents")
            backup = pathlib.Path(directory, "backup")
            answer = service.upload("trashed.txt", b"Thrown away; a hold may have come after the backup").json
            service.wait_for_job(answer["job"])
            trashed = answer["id"]
            service.ok("DELETE", f"/documents/{trashed}", version=service.document(trashed)["version"])
            service.command("backup", backup)
            service.upload("late.txt", b"A late kumquat.\n")
            until(lambda: len(service.search("kumquat")["items"]) == 6, "six documents")
            self.assertEqual(1, json.loads(service.command("backup", "--json", backup).stdout)["blobs_copied"])
            with Service(data=directory) as restored_place:
                restored_place.stop()
                self.assertIn("archive", restored_place.command("restore", backup, expect=1).stderr)
            fresh = Service(data=pathlib.Path(directory, "fresh"), trash_kept="0h")
            self.assertIn("enter them anew", fresh.command("restore", backup).stdout)
            fresh.token = service.token
            with fresh:
                fresh.command("api", "decide_restored_access", "decision=resume")
                until(lambda: len(fresh.search("kumquat").get("items", [])) == 6, "the index made anew")
                self.assertEqual(b"Backed up words: kumquat 0.\n",
                                 fresh.request("GET", f"/api/v1/documents/{numbers[0]}/original").body)
                self.assertTrue(json.loads(fresh.command("verify", "--json").stdout)["sound"])
                until(lambda: '"cause":"a backup was restored"' in fresh.log_text(), "the pause of purging")
                self.assertEqual([trashed], [one["id"] for one in fresh.ok("GET", "/trash")["items"]])

    def test_a_damaged_backup_is_refused(self):
        with tempfile.TemporaryDirectory() as directory, Service() as service:
            service.sign_in()
            service.upload("a.txt", b"Precious.\n")
            backup = pathlib.Path(directory, "backup")
            service.command("backup", backup)
            blob = next(path for path in (backup / "blobs").rglob("*") if path.is_file())
            os.chmod(blob, 0o640)
            blob.write_bytes(b"Worthless.\n"[:len(b"Precious.\n")])
            fresh = Service(data=pathlib.Path(directory, "fresh"))
            self.assertIn("damaged", fresh.command("restore", backup, expect=1).stderr)


class Audit(unittest.TestCase):
    def verify(self, service, *arguments, expect=0):
        return json.loads(service.command("audit", "verify", "--json", *arguments, expect=expect).stdout)

    def test_an_export_proves_itself_without_the_archive(self):
        with tempfile.TemporaryDirectory() as directory, Service() as service:
            service.sign_in()
            service.upload("a.txt", b"Audited.\n")
            export, earlier = pathlib.Path(directory, "audit.jsonl"), pathlib.Path(directory, "earlier.checkpoint")
            keys = pathlib.Path(directory, "audit.pub")
            service.command("audit", "checkpoint", "-o", earlier)
            service.upload("b.txt", b"Audited too.\n")
            service.command("audit", "export", "-o", export)
            later = pathlib.Path(directory, "later.checkpoint")
            service.upload("c.txt", b"And this.\n")
            service.command("audit", "checkpoint", "-o", later)
            keys.write_text((service.data / "keys" / "audit.pub").read_text())
            elsewhere = Service(data=pathlib.Path(directory, "elsewhere"))
            offline = ["--log", export, "--public-key", keys]
            verdict = self.verify(elsewhere, *offline, "--checkpoint", earlier)
            self.assertTrue(verdict["sound"])
            self.assertTrue(verdict["keys_given"])
            self.assertFalse((pathlib.Path(directory, "elsewhere")).exists(), "it needs no data directory")
            self.assertIn("sound", elsewhere.command("audit", "verify", "--log", export).stdout)
            # The log ends before the later checkpoint, which is how a rollback looks.
            verdict = self.verify(elsewhere, *offline, "--checkpoint", earlier, "--checkpoint", later, expect=1)
            self.assertEqual(verdict["entries"] + 1, verdict["first_bad_entry"])
            lines = export.read_text().splitlines(keepends=True)
            export.write_text("".join(lines[:1] + lines[2:]))
            self.assertEqual(1, self.verify(elsewhere, *offline, expect=1)["first_bad_entry"])

    def test_checkpoints_are_written_by_themselves(self):
        with Service(audit_checkpoint_interval="1s") as service:
            service.sign_in()
            written = service.data / "checkpoints"
            until(lambda: list(written.glob("*.checkpoint")), "a checkpoint by the clock")
        with Service() as service:
            service.sign_in()
            self.assertEqual([], list((service.data / "checkpoints").glob("*.checkpoint")))
            service.stop()
            self.assertEqual(1, len(list((service.data / "checkpoints").glob("*.checkpoint"))))
            self.assertEqual(0o600, (service.data / "keys" / "audit.key").stat().st_mode & 0o777)

    def test_settings_of_auditing_are_audited(self):
        with Service() as service:
            service.sign_in()
            changes = lambda: service.request("GET", "/api/v1/audit?action=audit.settings_changed").json["items"]
            self.assertEqual(1, len(changes()))
            service.stop()
            (service.data / "muniment.conf").write_text("search.audited = yes\n")
            service.start()
            self.assertEqual(2, len(changes()))
            self.assertEqual([False, True], [changes()[0][which]["search.audited"] for which in ("old", "new")])

    def test_a_rollback_is_noticed_and_a_restore_is_none(self):
        with tempfile.TemporaryDirectory() as directory, Service() as service:
            service.sign_in()
            service.upload("a.txt", b"Before.\n")
            backup, kept = pathlib.Path(directory, "backup"), pathlib.Path(directory, "kept.checkpoint")
            service.command("backup", backup)
            self.assertFalse((backup / "keys" / "audit.key").exists())
            service.upload("b.txt", b"After.\n")
            service.command("audit", "checkpoint", "-o", kept)
            fresh = Service(data=pathlib.Path(directory, "fresh"))
            fresh.command("restore", backup)
            fresh.token = service.token
            copied = (backup / "muniment.db").read_bytes()
            with fresh:
                self.assertTrue(fresh.request("GET", "/readyz").json["ready"])
                self.assertTrue(self.verify(fresh)["restored"])
                self.assertTrue(json.loads(fresh.command("verify", "--json").stdout)["sound"])
                verdict = self.verify(fresh, "--checkpoint", kept, expect=1)
                self.assertEqual([], verdict["findings"])
                self.assertEqual(verdict["restored"], [given["entry"] for given in verdict["given_up"]])
                self.assertTrue(self.verify(fresh, "--checkpoint", kept, "--accept-restores")["sound"])
            self.assertEqual(copied, (backup / "muniment.db").read_bytes(), "a restored archive leaves its backup alone")
            service.stop()
            for file in ("muniment.db-wal", "muniment.db-shm"):
                (service.data / file).unlink(missing_ok=True)
            (service.data / "muniment.db").write_bytes((backup / "muniment.db").read_bytes())
            service.start()
            problems = service.request("GET", "/readyz").json["problems"]
            self.assertTrue(any("covers" in problem for problem in problems), problems)
            self.assertFalse(json.loads(service.command("verify", "--json", expect=1).stdout)["sound"])

    def test_work_on_the_archive_and_what_it_found_are_audited(self):
        with Service() as service:
            service.sign_in()
            service.upload("a.txt", b"Precious.\n")
            service.command("verify")
            blob = next(path for path in (service.data / "blobs").rglob("*") if path.is_file())
            os.chmod(blob, 0o640)
            blob.write_bytes(b"Worthless.\n"[:len(b"Precious.\n")])
            service.command("verify", expect=1)
            entries = service.request("GET", "/api/v1/audit?object=job").json["items"]
            self.assertEqual(["fixity.failed", "service.verify", "service.verify_finished", "service.verify"],
                             [entry["action"] for entry in entries])
            self.assertFalse(entries[0]["succeeded"])
            self.assertTrue(entries[0]["new"]["findings"])

    def test_work_on_the_archive_can_be_cancelled(self):
        with Service() as service, tempfile.TemporaryDirectory() as copy:
            service.sign_in()
            service.upload("a.txt", b"Precious.\n")
            blob = next(path for path in (service.data / "blobs").rglob("*") if path.is_file())
            for kind in ("verify", "backup"):
                # Whoever opens it waits until somebody writes.
                blob.parent.chmod(0o750)
                sound, pipe = service.data / "tmp/sound", service.data / "tmp/pipe"
                blob.rename(sound)
                os.mkfifo(pipe)
                os.link(pipe, blob)
                body = {"directory": copy} if kind == "backup" else None
                job = service.ok("POST", f"/admin/{kind}", body)["job"]
                until(lambda: service.ok("GET", f"/jobs/{job}")["state"] == "running", "its beginning")
                self.assertEqual(204, service.request("DELETE", f"/api/v1/jobs/{job}").status)
                self.assertEqual(409, service.request("DELETE", f"/api/v1/jobs/{job}").status)
                with open(pipe, "wb"):
                    sound.rename(blob)
                    pipe.unlink()
                until(lambda: service.ok("GET", f"/audit?action=service.{kind}_cancelled")["items"], "its end")
                self.assertEqual("cancelled", service.request("GET", f"/api/v1/jobs/{job}").json["state"])


if __name__ == "__main__":
    unittest.main()

"""Mails and archives through the built program: read, taken apart, related, found; also after it was killed."""

import io
import pathlib
import sys
import tarfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
from archives import zipped  # noqa: E402
from service import Service, until  # noqa: E402


def mail(subject, text, *attachments):
    parts = [f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"]
    parts += [f"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{content}\r\n"
              for name, content in attachments]
    return (f"From: Anna Berg <anna@example.org>\r\nTo: office@example.org\r\nSubject: {subject}\r\n"
            "Date: Tue, 3 Mar 2026 09:15:00 +0100\r\nMessage-ID: <42@example.org>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "".join(parts) + "--b--\r\n").encode()


class Members(unittest.TestCase):
    settings = {}

    def setUp(self):
        self.service = Service(**self.settings).start()
        self.addCleanup(self.service.__exit__)
        self.service.sign_in()

    def add(self, name, content):
        """The document and its job once that is over."""
        answer = self.service.upload(name, content)
        self.assertEqual(202, answer.status, answer.body)
        job = self.service.wait_for_job(answer.json["job"])
        return self.service.document(answer.json["id"]), job

    def found(self, words, number):
        return until(lambda: number in [item["id"] for item in self.service.search(words)["items"]], f"{number} is found")


class Taken(Members):
    def test_a_mail_and_its_attachments(self):
        document, job = self.add("letter.eml", mail("Gooseberries", "As agreed.", ("terms.txt", "Terms about quinces.")))
        self.assertEqual("done", job["state"], job)
        self.assertEqual(("Gooseberries", "2026-03-03", "message/rfc822"),
                         (document["title"], document["document_date"], document["media_type"]))
        self.assertIn({"name": "From", "value": "Anna Berg <anna@example.org>"}, document["message"])
        self.assertEqual(1, document["member_count"])
        member = document["members"][0]
        self.assertEqual(("terms.txt", None), (member["path"], member["problem"]))
        inner = self.service.document(member["document"]["id"])
        self.assertEqual([{"id": document["id"], "title": "Gooseberries"}], inner["came_in"])
        self.found("quinces", inner["id"])
        self.found("anna@example.org", document["id"])
        self.assertTrue(self.service.ok("GET", f"/documents/{document['id']}/pages/1/image?w=600"))

    def test_a_help_file_is_found_by_its_text(self):
        document, job = self.add("program.chm", (ROOT / "tests/fuzz/corpus/html_help/plain").read_bytes())
        self.assertEqual("done", job["state"], job)
        self.assertEqual(("Hjälp ’", "application/vnd.ms-htmlhelp"), (document["title"], document["media_type"]))
        self.found("quinces", document["id"])

    def test_a_section_of_onenote_is_found_by_its_text(self):
        document, job = self.add("notes.one", (ROOT / "tests/fuzz/corpus/onenote/section").read_bytes())
        self.assertEqual("done", job["state"], job)
        self.assertEqual("application/onenote", document["media_type"])
        self.found("kvitten", document["id"])

    def test_a_database_of_access_is_found_by_its_cells(self):
        for name, version in (("old.mdb", "jet3"), ("new.accdb", "ace")):
            document, job = self.add(name, (ROOT / "tests/fuzz/corpus/access_file" / version).read_bytes())
            self.assertEqual("done", job["state"], job)
            self.assertEqual("application/vnd.ms-access", document["media_type"])
            self.found("kvitten 4711", document["id"])

    def test_an_archive_within_a_mail_within_an_archive(self):
        letter = mail("Parcel", "See inside.", ("x.txt", "first"))
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w:gz") as archive:
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
            info = tarfile.TarInfo("../../letter.eml")
            info.size = len(letter)
            archive.addfile(info, io.BytesIO(letter))
        document, job = self.add("all.zip", zipped({"one/inner.tar.gz": tar.getvalue(), "two/note.txt": "A note on medlars."}))
        self.assertEqual("done", job["state"], job)
        self.assertEqual(["one/inner.tar.gz", "two/note.txt"], [member["path"] for member in document["members"]])
        inner = document["members"][0]["document"]["id"]
        letters = until(lambda: self.service.document(inner)["members"], "the inner archive is taken apart")
        self.assertEqual(["../../letter.eml"], [member["path"] for member in letters])
        deepest = letters[0]["document"]["id"]
        self.assertEqual("letter.eml", self.service.document(deepest)["filename"])
        until(lambda: self.service.document(deepest)["members"], "the mail in it is taken apart")
        self.found("medlars", document["members"][1]["document"]["id"])

    def test_a_killed_service_takes_everything_in_once(self):
        count = 120
        answer = self.service.upload("many.zip", zipped({f"{n}.txt": f"text number {n}" for n in range(count)}))
        number, key = answer.json["id"], answer.json["job"]
        until(lambda: self.service.document(number)["member_count"] > 3, "it is being taken apart")
        self.service.kill()
        self.service.start()
        self.service.wait_for_job(key)
        document = self.service.document(number)
        self.assertEqual(count, document["member_count"])
        numbers = {member["document"]["id"] for member in document["members"]}
        self.assertEqual(count, len(numbers))
        total = lambda: self.service.ok("GET", "/documents?limit=1")["total"]  # noqa: E731
        until(lambda: total() >= count + 1, "all are in the index")
        self.assertEqual(count + 1, total())


class Joined(Members):
    settings = {"members_of_mails": "pages"}

    def test_a_mail_is_one_document_with_what_is_attached(self):
        document, job = self.add("letter.eml", mail("Gooseberries", "As agreed.", ("terms.txt", "Terms about quinces."),
                                                    ("note.txt", "A note on medlars.")))
        self.assertEqual("done", job["state"], job)
        self.assertEqual(("Gooseberries", "message/rfc822", 3, 0),
                         (document["title"], document["media_type"], document["page_count"], document["member_count"]))
        self.assertEqual([(1, "terms.txt", 20, 2, 1, None), (2, "note.txt", 18, 3, 1, None)],
                         [tuple(part[name] for name in ("number", "filename", "size", "first_page", "page_count", "problem"))
                          for part in document["attachments"]])
        self.found("quinces", document["id"])
        hit = self.service.search("quinces")["items"][0]
        self.assertEqual(2, hit["snippets"][0]["page"])
        path = f"/documents/{document['id']}"
        self.assertTrue(self.service.ok("GET", f"{path}/pages/2/words?q=quinces")["hits"])
        self.assertTrue(self.service.ok("GET", f"{path}/pages/3/image?w=600"))
        answer = self.service.request("GET", "/api/v1" + path + "/attachments/2")
        self.assertEqual((200, b"A note on medlars."), (answer.status, answer.body))
        self.assertIn('filename="note.txt"', answer.headers["Content-Disposition"])
        self.assertEqual(404, self.service.request("GET", "/api/v1" + path + "/attachments/3").status)
        self.assertTrue(self.service.ok("GET", f"{path}/archive").startswith(b"%PDF"))
        self.assertEqual(1, self.service.ok("GET", "/documents?limit=1")["total"])


class Limited(Members):
    settings = {"members_count": "3"}

    def test_more_than_may_be_stays_whole(self):
        content = zipped({f"{n}.txt": "x" + str(n) for n in range(4)})
        document, _ = self.add("many.zip", content)
        self.assertEqual(("quarantined", "too_large"), (document["state"], document["problem"]["code"]))
        self.assertIn("members.count", document["problem"]["detail"])
        self.assertEqual(0, document["member_count"])
        self.assertEqual(content, self.service.ok("GET", f"/documents/{document['id']}/original"))


if __name__ == "__main__":
    unittest.main()

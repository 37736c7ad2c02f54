"""Office files through the built program: read, shown, found; nothing in them runs, and nothing is fetched."""

import os
import pathlib
import signal
import socket
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import office_files  # noqa: E402
from service import Service, until  # noqa: E402

TEXT = "An agreement about gooseberries."
MICROSOFT = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."


def slides(hidden=None):
    """One slide, and a second one that is not to be shown, with notes under it, when there is a text for it."""
    def frame(text, kind=""):
        return (f'<draw:frame{kind} svg:width="20cm" svg:height="3cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>{text}</text:p>'
                "</draw:text-box></draw:frame>")

    def slide(text, style="", notes=""):
        return f'<draw:page draw:name="{len(text)}"{style}>{frame(text)}{notes}</draw:page>'
    if hidden is None:
        return office_files.open_document("presentation", slide(TEXT))
    unseen = ('<office:automatic-styles><style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="unseen" '
              'style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
              "</office:automatic-styles>")
    body = frame("Praise the pruning.", ' presentation:class="notes" presentation:style-name="body"')
    notes = f"<presentation:notes>{body}</presentation:notes>"
    return office_files.open_document("presentation", slide(TEXT) + slide(hidden, ' draw:style-name="unseen"', notes), unseen)


def table():
    return office_files.open_document(
        "spreadsheet", '<table:table table:name="One"><table:table-row><table:table-cell office:value-type="string">'
        f"<text:p>{TEXT}</text:p></table:table-cell></table:table-row></table:table>")


def flat(content):
    import io
    import zipfile
    text = zipfile.ZipFile(io.BytesIO(content)).read("content.xml").decode()
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + text.replace("office:document-content", "office:document").replace(
        "<office:document ", f'<office:document office:mimetype="{OPEN}text" ', 1)).encode()


class Office(unittest.TestCase):
    settings = {}

    def setUp(self):
        self.service = Service(**self.settings).start()
        self.addCleanup(self.service.__exit__)
        self.ok = self.service.ok
        self.service.sign_in()

    def add(self, name, content):
        """The document's number and its job once that is over."""
        answer = self.service.upload(name, content)
        self.assertEqual(202, answer.status, answer.body)
        return answer.json["id"], self.service.wait_for_job(answer.json["job"])

    def text_of(self, number):
        return " ".join(self.ok("GET", f"/documents/{number}/text").decode().split())

    def media_type(self, number):
        return self.service.document(number)["media_type"]

    def converters(self):
        """The processes that hold LibreOffice: muniment-office in its namespaces."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                line = (entry / "cmdline").read_bytes().split(b"\0")
                parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
                grandparent = pathlib.Path("/proc", parent, "stat").read_text().rsplit(")", 1)[1].split()[1]
            except (OSError, IndexError):
                continue
            if line[0].endswith(b"/muniment-office") and grandparent == str(self.service.process.pid):
                found.append(int(entry.name))
        return found


class Formats(Office):
    def check(self, name, content, media_type):
        with self.subTest(name):
            number, job = self.add(name, content)
            self.assertEqual("done", job["state"], job)
            self.assertEqual(media_type, self.media_type(number))
            self.assertIn(TEXT, self.text_of(number))
            self.assertEqual(content, self.ok("GET", f"/documents/{number}/original"))
            self.assertEqual(b"%PDF", self.ok("GET", f"/documents/{number}/archive")[:4])
            self.assertEqual(b"RIFF", self.ok("GET", f"/documents/{number}/pages/1/image?w=400")[:4])
            words = self.ok("GET", f"/documents/{number}/pages/1/words?q=gooseberries")
            self.assertTrue(words["hits"])
            self.assertIn(number, [item["id"] for item in self.service.search("gooseberries")["items"]])

    def test_every_format_gets_its_pages(self):
        docx, odt, xlsx = office_files.docx(TEXT), office_files.odt(TEXT), office_files.xlsx(["12", TEXT])
        self.check("a.docx", docx, MICROSOFT + "wordprocessingml.document")
        self.check("a.odt", odt, OPEN + "text")
        self.check("a.fodt", flat(odt), OPEN + "text-flat-xml")
        self.check("a.xlsx", xlsx, MICROSOFT + "spreadsheetml.sheet")
        self.check("a.ods", table(), OPEN + "spreadsheet")
        self.check("a.odp", slides(), OPEN + "presentation")
        self.check("a.rtf", b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}" + TEXT.encode() + b"\\par}", "application/rtf")
        with tempfile.TemporaryDirectory() as directory:
            made = [office_files.converted(content, extension, wanted, directory) for content, extension, wanted in (
                (docx, "docx", "doc"), (xlsx, "xlsx", "xls"), (slides(), "odp", "ppt"), (slides(), "odp", "pptx"))]
        self.check("a.doc", made[0], "application/msword")
        self.check("a.xls", made[1], "application/vnd.ms-excel")
        self.check("a.ppt", made[2], "application/vnd.ms-powerpoint")
        self.check("a.pptx", made[3], MICROSOFT + "presentationml.presentation")

    def test_comments_hidden_slides_and_notes_under_them_are_found(self):
        comment = ("<text:p>An agreement<office:annotation><text:p>Too dear by half.</text:p></office:annotation> about "
                   "gooseberries.</text:p>")
        number, job = self.add("commented.odt", office_files.open_document("text", comment))
        self.assertEqual("done", job["state"], job)
        self.assertEqual(f"{TEXT} Too dear by half.", self.text_of(number))
        self.assertTrue(self.ok("GET", f"/documents/{number}/pages/1/words?q=dear")["hits"])
        hidden = slides(hidden="A word about medlars.")
        with tempfile.TemporaryDirectory() as directory:
            converted = office_files.converted(hidden, "odp", "pptx", directory)
        for name, content in (("hidden.odp", hidden), ("hidden.pptx", converted)):
            number, job = self.add(name, content)
            self.assertEqual("done", job["state"], job)
            self.assertEqual(2, self.service.document(number)["page_count"])
            self.assertEqual(f"{TEXT} A word about medlars. Praise the pruning.", self.text_of(number))
            self.assertTrue(self.ok("GET", f"/documents/{number}/pages/2/words?q=pruning")["hits"])

    def test_one_that_is_damaged_is_put_aside_and_the_next_is_read(self):
        docx = office_files.docx(TEXT)
        at = docx.index(b"word/document.xml") + 20
        number, job = self.add("broken.docx", docx[:at] + bytes(60) + docx[at + 60:])
        self.assertEqual(("failed", "quarantined"), (job["state"], self.service.document(number)["state"]))
        self.assertIn("LibreOffice", job["problem"]["detail"])
        _, job = self.add("sound.docx", docx)
        self.assertEqual("done", job["state"], job)

    def test_nothing_in_them_runs_and_nothing_is_fetched(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/picture.png"
            for name, content in (("remote.docx", office_files.docx(TEXT, picture=address)),
                                  ("remote.odt", office_files.odt(TEXT, picture=address)),
                                  ("file.odt", office_files.odt(TEXT, picture="file:///etc/passwd"))):
                number, job = self.add(name, content)
                self.assertEqual("done", job["state"], job)
                self.assertIn(TEXT, self.text_of(number))
            with self.assertRaises(BlockingIOError):
                listener.accept()
        number, job = self.add("macro.odt", office_files.odt_with_macro(TEXT, "A macro was here."))
        self.assertEqual("done", job["state"], job)
        self.assertEqual(TEXT, self.text_of(number))

    def test_a_password_opens_an_encrypted_one(self):
        number, job = self.add("locked.odt", office_files.encrypted_odt(TEXT, "sesame"))
        self.assertEqual(("waiting", "needs-password"), (job["state"], self.service.document(number)["state"]))
        unlock = f"/documents/{number}/unlock"
        self.assertEqual(409, self.service.ask("POST", unlock, {"password": "open"}).status)
        self.assertEqual(202, self.service.ask("POST", unlock, {"password": "sesame"}).status)
        until(lambda: self.service.document(number)["state"] == "ready", "the document to be read")
        self.assertIn(TEXT, self.text_of(number))


class Stuck(Office):
    settings = {"reading_page_deadline": "4s"}

    def test_one_that_hangs_is_ended_and_one_that_died_is_started_again(self):
        _, job = self.add("first.docx", office_files.docx("The first"))
        self.assertEqual("done", job["state"], job)
        converter, = self.converters()
        os.kill(converter, signal.SIGSTOP)
        number, job = self.add("second.docx", office_files.docx("The second"))
        self.assertEqual(("failed", "quarantined"), (job["state"], self.service.document(number)["state"]))
        until(lambda: not pathlib.Path("/proc", str(converter)).exists(), "the one that hangs to end")
        _, job = self.add("third.docx", office_files.docx("The third"))
        self.assertEqual("done", job["state"], job)
        converter, = self.converters()
        os.kill(converter, signal.SIGKILL)
        until(lambda: not pathlib.Path("/proc", str(converter)).exists(), "the process to end")
        _, job = self.add("fourth.docx", office_files.docx("The fourth"))
        self.assertEqual("done", job["state"], job)


class WithoutLibreOffice(Office):
    settings = {"reading_libreoffice": ""}

    def test_the_text_is_read_where_it_can_be(self):
        for name, content in (("a.docx", office_files.docx(TEXT)), ("a.odt", office_files.odt(TEXT)),
                              ("a.fodt", flat(office_files.odt(TEXT))), ("a.ods", table()), ("a.odp", slides()),
                              ("a.xlsx", office_files.xlsx([TEXT, "12"])), ("a.rtf", b"{\\rtf1 " + TEXT.encode() + b"\\par}")):
            with self.subTest(name):
                number, job = self.add(name, content)
                self.assertEqual("done", job["state"], job)
                self.assertIn(TEXT, self.text_of(number))
                self.assertEqual(b"RIFF", self.ok("GET", f"/documents/{number}/pages/1/image?w=400")[:4])
        self.assertEqual([], self.converters())

    def test_others_say_that_it_is_missing(self):
        with tempfile.TemporaryDirectory() as directory:
            content = office_files.converted(office_files.docx(TEXT), "docx", "doc", directory)
        number, job = self.add("a.doc", content)
        self.assertEqual("failed", job["state"])
        self.assertIn("LibreOffice", job["problem"]["detail"])


if __name__ == "__main__":
    unittest.main()

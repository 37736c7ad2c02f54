"""WebDAV as its clients use it: Debian's litmus, and what it has no tests for."""

import base64
import http.client
import re
import shutil
import subprocess
import sys
import unittest
import pathlib
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from service import PATIENCE, Service  # noqa: E402

PASSWORD = "a long enough password"
LOCK = (b'<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>'
        b"<D:locktype><D:write/></D:locktype><D:owner>Anna</D:owner></D:lockinfo>")


class Client:
    """One person's file manager."""

    def __init__(self, service, name, secret=PASSWORD):
        self.service = service
        self.authorization = "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()

    def ask(self, method, path, body=b"", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE)
        try:
            connection.request(method, "/dav" + path, body, {"Authorization": self.authorization, **headers})
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()

    def status(self, *arguments, **headers):
        return self.ask(*arguments, **headers)[0]

    def names(self, path):
        """What is in a collection, as hrefs without that of the collection."""
        status, body, _ = self.ask("PROPFIND", path, Depth="1")
        if status != 207:
            raise AssertionError(f"PROPFIND {path}: {status} {body!r}")
        hrefs = [e.text for e in ElementTree.fromstring(body).iter("{DAV:}href")]
        return [href.removeprefix("/dav" + path) for href in hrefs][1:]

    def to(self, path):
        return {"Destination": f"http://127.0.0.1:{self.service.port}/dav{path}"}


class WebDavTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service(dav_drop_folders="inbox, copier")
        cls.service.start()
        cls.addClassCleanup(cls.service.__exit__)
        cls.service.sign_in("admin", "root")
        for name, role in (("anna", "staff"), ("bo", "staff"), ("rita", "reader")):
            cls.service.command("user", "add", name, "--role", role, "--password-stdin", stdin=PASSWORD + "\n")
        cls.anna, cls.bo, cls.rita = (Client(cls.service, name) for name in ("anna", "bo", "rita"))

    def ok(self, *arguments, **named):
        return self.service.ok(*arguments, **named)

    def document_of(self, title, **named):
        found = [d for d in self.ok("GET", "/documents?limit=200", **named)["items"] if d["title"] == title]
        self.assertEqual(len(found), 1, title)
        return found[0]

    def test_litmus_passes(self):
        litmus = shutil.which("litmus")
        self.assertIsNotNone(litmus, "install litmus")
        url = f"http://127.0.0.1:{self.service.port}/dav/work/"
        done = subprocess.run([litmus, "-k", url, "anna", PASSWORD], capture_output=True, text=True, timeout=PATIENCE,
                              cwd=self.service.directory)
        summaries = re.findall(r"of (\d+) tests run: (\d+) passed, (\d+) failed", done.stdout)
        self.assertEqual((sum(int(passed) for _, passed, _ in summaries), sum(int(n) for n, _, _ in summaries)),
                         (104, 104), done.stdout)
        self.assertNotIn("WARNING", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""WebDAV as its clients use it: Debian's litmus, and what it has no tests for."""

import base64
import http.client
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts")]
import demo_documents  # noqa: E402
from service import PATIENCE, Service, until  # noqa: E402

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

    def number_of(self, client, path):
        """Of the document that the file is; None when it is none."""
        wish = b'<propfind xmlns="DAV:"><prop><document xmlns="urn:muniment"/></prop></propfind>'
        status, body, _ = client.ask("PROPFIND", path, wish, Depth="0")
        self.assertEqual(207, status, path)
        number = ElementTree.fromstring(body).find(".//{urn:muniment}document").text
        return int(number) if number else None

    def put_document(self, client, path, text):
        self.put(client, path, text)
        return self.number_of(client, path)

    def test_a_token_does_what_it_was_made_for(self):
        token = lambda *scopes: Client(self.service, "anna", self.service.command(
            "token", "create", "anna", *(word for scope in scopes for word in ("--scope", scope))).stdout.strip())
        reader, device = token("read"), token("add")
        there = self.place("76")[2]
        self.assertEqual(201, self.anna.status("PUT", there + "/scope.txt", b"for what"))
        self.assertEqual(200, reader.status("GET", there + "/scope.txt"))
        for refused in (reader.ask("PUT", there + "/other.txt", b"more"), reader.ask("PUT", "/drop/inbox/other.txt", b"more"),
                        reader.ask("DELETE", there + "/scope.txt"), reader.ask("MKCOL", there + "/place"),
                        device.ask("GET", there + "/scope.txt"), device.ask("PROPFIND", there + "/", Depth="1")):
            self.assertEqual(403, refused[0], refused[1])
        self.assertEqual(201, device.status("PUT", "/drop/inbox/from%20a%20device.txt", b"from a device"))

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

    def put(self, client, path, text, expect=201, **headers):
        status, body, _ = client.ask("PUT", path, text if isinstance(text, bytes) else text.encode(), **headers)
        self.assertEqual(expect, status, body)

    def place(self, code):
        """A class and a folder in it, as the paths of file managers."""
        schedule = self.ok("POST", "/schedules", {
            "code": "A" + code, "title": "Contracts", "triggers": [{"kind": "captured"}], "combine": "all",
            "cutoff": "calendar-year", "fiscal_start": 1, "period": "2 years", "action": "destroy", "kind": "minimum",
            "authority": "A decision"})
        node = self.ok("POST", "/classes", {"code": code, "title": "Contracts", "schedule": schedule["id"]})
        folder = self.ok("POST", "/folders", {"class": node["id"], "title": "Harbour / North"})
        return node, folder, f"/files/{code}%20Contracts", f"/files/{code}%20Contracts/Harbour%20_%20North"

    def token(self, answer):
        return answer[2]["Lock-Token"]

    def test_what_is_asked_before_signing_in(self):
        for path in ("/", "/dav/", "/dav/work/x"):
            answer = self.service.request("OPTIONS", path, token="none")
            self.assertEqual((200, "1, 2", "DAV"),
                             (answer.status, answer.headers["DAV"], answer.headers["MS-Author-Via"]), path)
        stranger = Client(self.service, "anna", "a wrong password, surely")
        status, _, headers = stranger.ask("PROPFIND", "/", Depth="0")
        self.assertEqual(401, status)
        self.assertTrue(headers["WWW-Authenticate"].startswith("Basic realm="))

    def test_a_token_is_as_good_as_the_password_and_a_changed_password_ends_it(self):
        self.service.command("user", "add", "carl", "--role", "staff", "--password-stdin", stdin=PASSWORD + "\n")
        token = self.service.command("token", "create", "carl").stdout.strip()
        self.assertEqual(207, Client(self.service, "carl", token).status("PROPFIND", "/", Depth="1"))
        self.assertEqual(401, Client(self.service, "anna", token).status("PROPFIND", "/", Depth="1"))
        carl = Client(self.service, "carl")
        self.assertEqual(207, carl.status("PROPFIND", "/", Depth="1"))
        account = next(a for a in self.ok("GET", "/accounts")["items"] if a["name"] == "carl")
        self.ok("PUT", f"/accounts/{account['id']}/password", {"password": "another long password"},
                version=account["version"])
        self.assertEqual(401, carl.status("PROPFIND", "/", Depth="1"))
        carl = Client(self.service, "carl", "another long password")
        self.assertEqual(207, carl.status("PROPFIND", "/", Depth="1"))
        account = next(a for a in self.ok("GET", "/accounts")["items"] if a["name"] == "carl")
        self.ok("PATCH", f"/accounts/{account['id']}", {"disabled": True}, version=account["version"])
        self.assertEqual(401, carl.status("PROPFIND", "/", Depth="1"))
        self.assertEqual(401, Client(self.service, "carl", token).status("PROPFIND", "/", Depth="1"))

    def test_saving_makes_versions_and_moving_files(self):
        _, folder, class_path, folder_path = self.place("7.1")
        number = self.put_document(self.anna, "/work/lease.txt", "The first lease.")
        etag = self.anna.ask("HEAD", "/work/lease.txt")[2]["ETag"]
        self.put(self.anna, "/work/lease.txt", "not seen", 412, If_None_Match="*")
        self.put(self.anna, "/work/lease.txt", "The second lease.", 204, If_Match=etag)
        self.assertEqual(201, self.anna.status("MOVE", "/work/lease.txt", **self.anna.to(folder_path + "/lease.txt")))
        document = self.service.document(number)
        self.assertEqual(folder["id"], document["folder"]["id"])
        self.assertEqual(["lease.txt"], self.anna.names(folder_path + "/"))
        # As office programs save: a new file takes the place of the old one.
        self.put(self.anna, folder_path + "/~lease.tmp", "The third lease.")
        self.assertEqual(204, self.anna.status("MOVE", folder_path + "/~lease.tmp",
                                               **self.anna.to(folder_path + "/lease.txt")))
        self.assertEqual(["lease.txt"], self.anna.names(folder_path + "/"))
        self.assertEqual([3, 2, 1], [v["number"] for v in self.ok("GET", f"/documents/{number}/versions")["items"]])
        self.assertEqual(b"The third lease.", self.anna.ask("GET", folder_path + "/lease.txt")[1])
        self.assertEqual(204, self.anna.status("DELETE", folder_path + "/lease.txt"))
        self.assertIsNotNone(self.service.document(number)["trashed_at"])
        self.assertEqual([], self.anna.names(folder_path + "/"))
        self.assertEqual(201, self.anna.status("MKCOL", class_path + "/South"))
        self.assertEqual(403, self.anna.status("MKCOL", class_path + "/Far%20%20South"))
        self.assertEqual(201, self.anna.status("MOVE", class_path + "/South", **self.anna.to(class_path + "/South%20East")))
        self.assertIn("South%20East/", self.anna.names(class_path + "/"))
        self.assertEqual(403, self.anna.status("MKCOL", class_path + "/South%20East/Deeper"))
        self.assertEqual(403, self.anna.status("DELETE", class_path + "/South%20East"))

    def test_nobody_sees_or_guesses_what_they_may_not_read(self):
        _, folder, class_path, folder_path = self.place("7.2")
        accounts = {a["name"]: a["id"] for a in self.ok("GET", "/accounts")["items"]}
        not_bo = self.ok("POST", "/access-lists", {"name": "Not Bo", "entries": [
            {"subject": "account", "id": accounts[name], "may_change": True} for name in ("anna", "root")]})["id"]
        self.put(self.anna, folder_path + "/secret.txt", "A secret about plums.")
        number = self.put_document(self.anna, "/work/secret.txt", "Another secret, about pears.")
        until(lambda: self.service.document(number)["state"] == "ready", "the secret to be read")  # which is a change too
        self.ok("PUT", f"/documents/{number}/access-list", {"access_list": not_bo},
                version=self.service.document(number)["version"])
        self.ok("PUT", f"/folders/{folder['id']}/access-list", {"access_list": not_bo}, version=folder["version"])

        self.assertEqual([], self.bo.names(class_path + "/"))
        self.assertNotIn("secret.txt", self.bo.names("/work/"))
        for path in (folder_path + "/secret.txt", "/work/secret.txt", folder_path + "/nothing.txt"):
            for method in ("GET", "HEAD", "DELETE", "PROPPATCH", "PROPFIND", "MOVE", "COPY"):
                body = (b'<propertyupdate xmlns="DAV:"><set><prop><a xmlns="x"/></prop></set></propertyupdate>'
                        if method == "PROPPATCH" else b"")
                status = self.bo.status(method, path, body, Depth="0", **self.bo.to("/work/stolen.txt"))
                self.assertEqual(404, status, (method, path))
        self.put(self.bo, folder_path + "/secret.txt", "no", 409)
        # The name is free for Bo, and Anna finds both.
        self.put(self.bo, "/work/secret.txt", "What Bo has.")
        self.assertEqual(b"What Bo has.", self.bo.ask("GET", "/work/secret.txt")[1])
        self.assertEqual(b"Another secret, about pears.", self.anna.ask("GET", "/work/secret.txt")[1])
        second = [n for n in self.anna.names("/work/") if n.startswith("secret") and n != "secret.txt"]
        self.assertEqual(1, len(second))
        self.assertEqual(b"What Bo has.", self.anna.ask("GET", "/work/" + second[0])[1])
        self.put(self.rita, "/work/rita.txt", "A reader's.", 403)
        self.assertEqual(403, self.rita.status("MKCOL", "/work/rita"))
        self.assertEqual(403, self.rita.status("LOCK", "/work/rita.txt", LOCK))

    def test_records_and_what_is_held_stay(self):
        _, folder, class_path, path = self.place("7.3")
        record, held = (self.put_document(self.anna, f"{path}/{name}", "Quinces, for " + name)
                        for name in ("record.txt", "held.txt"))
        self.settle(record, held)
        declared = self.ok("POST", "/records", {"documents": [record]})["items"][0]
        self.assertTrue(declared["declared"], declared)
        hold = self.ok("POST", "/holds", {"title": "Dispute", "reason": "A claim"})
        self.ok("POST", f"/holds/{hold['id']}/documents", {"documents": [held]})
        for name in ("record.txt", "held.txt"):
            file = f"{path}/{name}"
            self.put(self.anna, file, "something else", 403)
            self.assertEqual(403, self.anna.status("DELETE", file))
            self.assertEqual(403, self.anna.status("LOCK", file, LOCK))
            self.assertEqual(403, self.anna.status("MOVE", file, **self.anna.to("/work/taken.txt")))
            self.put(self.anna, "/work/over.txt", "over " + name)
            self.assertEqual(403, self.anna.status("MOVE", "/work/over.txt", **self.anna.to(file)))
            self.assertEqual(204, self.anna.status("DELETE", "/work/over.txt"))
            self.assertEqual(b"Quinces, for " + name.encode(), self.anna.ask("GET", file)[1])
        renamed = self.anna.status("MOVE", path, **self.anna.to(f"{path}%20renamed"))
        self.assertEqual((403, b"Quinces, for held.txt"), (renamed, self.anna.ask("GET", f"{path}/held.txt")[1]))

    def test_a_closed_class_takes_no_new_version(self):
        node, _, class_path, path = self.place("7.9")
        self.put(self.anna, f"{path}/lease.txt", "The first wording.")
        self.ok("PATCH", f"/classes/{node['id']}", {"status": "closed"}, version=node["version"])
        self.put(self.anna, f"{path}/lease.txt", "The second wording.", 403)
        self.put(self.anna, f"{class_path}/other.txt", "Something new.", 403)
        self.assertEqual(b"The first wording.", self.anna.ask("GET", f"{path}/lease.txt")[1])

    def settle(self, *numbers):
        for number in numbers:
            until(lambda n=number: self.service.document(n)["state"] == "ready", f"document {number} to be read")

    def test_a_folder_goes_but_for_what_must_stay(self):
        self.assertEqual(201, self.anna.status("MKCOL", "/work/box"))
        self.assertEqual(201, self.anna.status("MKCOL", "/work/box/in"))
        self.put(self.anna, "/work/box/goes.txt", "This goes.")
        stays = self.put_document(self.anna, "/work/box/in/stays.txt", "This stays.")
        self.settle(stays)
        hold = self.ok("POST", "/holds", {"title": "Claim", "reason": "A claim"})
        self.ok("POST", f"/holds/{hold['id']}/documents", {"documents": [stays]})
        status, body, _ = self.anna.ask("DELETE", "/work/box/")
        self.assertEqual(207, status)
        self.assertEqual(["/dav/work/box/in/stays.txt"],
                         [e.text for e in ElementTree.fromstring(body).iter("{DAV:}href")])
        self.assertEqual(["in/"], self.anna.names("/work/box/"))
        self.assertEqual(["stays.txt"], self.anna.names("/work/box/in/"))

    def test_locks_and_properties_last_and_hold_for_the_page(self):
        number = self.put_document(self.anna, "/work/open.txt", "A text that is open.")
        change = (b'<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><c:colour xmlns:c="urn:c">bl&amp;ue</c:colour>'
                  b"</D:prop></D:set></D:propertyupdate>")
        self.assertEqual(207, self.anna.status("PROPPATCH", "/work/open.txt", change))
        token = self.token(self.anna.ask("LOCK", "/work/open.txt", LOCK, Timeout="Second-3000"))
        self.service.kill()
        self.service.start()
        self.put(self.bo, "/work/open.txt", "Bo's", 423)
        # The token alone does not make Bo Anna.
        self.put(self.bo, "/work/open.txt", "Bo's", 423, If=f"({token})")
        self.put(self.anna, "/work/open.txt", "Anna's, without a word of the lock", 423)
        bo_token = self.service.command("token", "create", "bo").stdout.strip()
        boundary = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\n\r\nBo\r\n--b--\r\n'
        version = self.service.document(number)["version"]
        answer = self.service.request("POST", f"/api/v1/documents/{number}/versions", boundary, bo_token,
                                      {"Content-Type": "multipart/form-data; boundary=b", "If-Match": f'"{version}"'})
        self.assertEqual((423, "locked"), (answer.status, answer.json["code"]))
        self.put(self.anna, "/work/open.txt", "Anna's.", 204, If=f"({token})")
        wish = b'<D:propfind xmlns:D="DAV:"><D:prop><c:colour xmlns:c="urn:c"/></D:prop></D:propfind>'
        body = self.anna.ask("PROPFIND", "/work/open.txt", wish, Depth="0")[1]
        self.assertEqual("bl&ue", ElementTree.fromstring(body).find(".//{urn:c}colour").text)
        self.assertEqual(403, self.bo.status("UNLOCK", "/work/open.txt", Lock_Token=token))
        self.assertEqual(204, self.anna.status("UNLOCK", "/work/open.txt", Lock_Token=token))
        self.put(self.bo, "/work/open.txt", "Bo's.", 204)
        # A check-out counts as a lock, and a lock keeps others from checking out.
        anna_token = self.service.command("token", "create", "anna").stdout.strip()
        check_out = f"/api/v1/documents/{number}/check-out"
        json_type = {"Content-Type": "application/json"}
        self.assertEqual(204, self.service.request("PUT", check_out, b"{}", anna_token, json_type).status)
        self.put(self.bo, "/work/open.txt", "Bo's again", 423)
        self.assertEqual(423, self.bo.status("LOCK", "/work/open.txt", LOCK))
        self.put(self.anna, "/work/open.txt", "Anna's, checked out.", 204)
        self.put(self.anna, "/work/open.txt", "Anna's, still checked out.", 204)
        self.assertEqual(204, self.service.request("DELETE", check_out, None, anna_token).status)
        self.token(self.bo.ask("LOCK", "/work/open.txt", LOCK, Timeout="Second-3000"))
        self.assertEqual(423, self.service.request("PUT", check_out, b"{}", anna_token, json_type).status)

    def test_what_was_acknowledged_is_there_after_a_kill(self):
        self.assertEqual(201, self.anna.status("MKCOL", "/work/killed"))
        acknowledged = []

        def put_until_it_dies():
            try:
                for number in range(10_000):
                    if self.anna.status("PUT", f"/work/killed/{number}.txt", b"Number %d." % number) == 201:
                        acknowledged.append(number)
            except (OSError, http.client.HTTPException):
                return

        putting = threading.Thread(target=put_until_it_dies)
        putting.start()
        until(lambda: len(acknowledged) >= 20, "some files to be put")
        self.service.kill()
        putting.join()
        self.service.start()
        for number in acknowledged:
            self.assertEqual(b"Number %d." % number, self.anna.ask("GET", f"/work/killed/{number}.txt")[1])
        # At most the one that was under way came in without a word.
        self.assertLessEqual(len(self.anna.names("/work/killed/")), len(acknowledged) + 1)

    def test_a_name_goes_to_one_of_those_who_want_it_at_once(self):
        statuses = []
        putting = [threading.Thread(target=lambda n=n: statuses.append(
            self.anna.status("PUT", "/work/wanted.txt", b"By %d." % n))) for n in range(12)]
        for thread in putting:
            thread.start()
        for thread in putting:
            thread.join()
        # The others were told, or came late enough to make versions.
        self.assertEqual(1, statuses.count(201), statuses)
        self.assertLessEqual(set(statuses), {201, 204, 412})
        self.assertEqual(["wanted.txt"], [n for n in self.anna.names("/work/") if n.startswith("wanted")])

    def test_what_operating_systems_leave_about_is_not_archived(self):
        for name in ("._letter.txt", ".DS_Store", "Thumbs.db"):
            self.assertIsNone(self.put_document(self.anna, "/work/" + name, "bytes of " + name))
            self.assertNotIn(name, self.anna.names("/work/"))
        self.assertIsNone(self.put_document(self.anna, "/work/empty.txt", ""))
        self.assertIn("empty.txt", self.anna.names("/work/"))
        self.put(self.anna, "/work/empty.txt", "Not empty any more.", 204)
        self.assertIsNotNone(self.number_of(self.anna, "/work/empty.txt"))
        self.put(self.anna, "/work/empty.txt", "", 204)
        self.assertEqual(b"Not empty any more.", self.anna.ask("GET", "/work/empty.txt")[1], "as programs do before they write")

    def test_a_file_whose_length_is_not_known_comes_in_pieces(self):
        # As Finder sends.
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("PUT", "/dav/work/pieces.txt", iter([b"In ", b"pieces."]),
                           {"Authorization": self.anna.authorization}, encode_chunked=True)
        self.assertEqual(201, connection.getresponse().status)
        self.assertEqual(b"In pieces.", self.anna.ask("GET", "/work/pieces.txt")[1])

    def test_a_file_that_is_cut_off_is_not_taken_in(self):
        self.put(self.anna, "/work/cut.txt", "The whole old text.")
        versions = len(self.service.ok("GET", f"/documents/{self.number_of(self.anna, '/work/cut.txt')}/versions")["items"])
        for path in ("work/cut.txt", "work/new-cut.txt", "drop/inbox/cut.txt"):
            for chunks in (b"", b"5\r\nhello\r\n", b"50\r\nhello there\r\n", b"5\r\nhello\r\n0\r\n"):
                with self.subTest(path=path, chunks=chunks), socket.create_connection(
                        ("127.0.0.1", self.service.port), timeout=PATIENCE) as sender:
                    sender.sendall(f"PUT /dav/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {self.anna.authorization}\r\n"
                                   "Transfer-Encoding: chunked\r\n\r\n".encode() + chunks)
                    sender.shutdown(socket.SHUT_WR)
                    self.assertTrue(sender.makefile("rb").readline().startswith(b"HTTP/1.1 409"))
        self.assertEqual(b"The whole old text.", self.anna.ask("GET", "/work/cut.txt")[1])
        number = self.number_of(self.anna, "/work/cut.txt")
        self.assertEqual(versions, len(self.service.ok("GET", f"/documents/{number}/versions")["items"]))
        self.assertNotIn("new-cut.txt", self.anna.names("/work/"))
        self.assertNotIn("cut.txt", self.anna.names("/drop/inbox/"))

    def test_a_reader_looks_and_takes_nothing_in(self):
        self.put(self.anna, "/work/read.txt", "For reading.")
        self.assertEqual(b"For reading.", self.rita.ask("GET", "/work/read.txt")[1])
        self.assertEqual(403, self.rita.status("COPY", "/work/read.txt", **self.rita.to("/work/mine.txt")))
        self.assertEqual(403, self.rita.status("MOVE", "/work/read.txt", **self.rita.to("/work/mine.txt")))
        self.assertEqual(403, self.rita.status("DELETE", "/work/read.txt"))
        self.assertIn("read.txt", self.anna.names("/work/"))

    def test_a_drop_folder_takes_and_does_not_give(self):
        self.put(self.anna, "/drop/copier/scan%201.txt", "From the copier, about medlars.")
        self.put(self.anna, "/drop/copier/scan%202.txt", "From the copier, about medlars.")
        # The same paper twice is one document.
        found = until(lambda: self.service.search("medlars")["items"], "the scan to be found")
        self.assertEqual(["drop"], [self.service.document(d["id"])["source"] for d in found])
        self.assertEqual(["scan%201.txt", "scan%202.txt"], self.anna.names("/drop/copier/"))
        self.assertEqual([], self.bo.names("/drop/copier/"))
        self.assertEqual(403, self.anna.status("GET", "/drop/copier/scan%201.txt"))
        self.assertEqual(200, self.anna.status("HEAD", "/drop/copier/scan%201.txt"))
        self.assertEqual(403, self.bo.status("HEAD", "/drop/copier/scan%201.txt"))
        self.assertEqual(403, self.anna.status("MKCOL", "/drop/copier/box"))
        self.assertEqual(403, self.anna.status("COPY", "/drop/copier/scan%201.txt", **self.anna.to("/work/x.txt")))
        self.put(self.anna, "/drop/nowhere/x.txt", "x", 404)
        self.put(self.rita, "/drop/copier/rita.txt", "x", 403)

    def test_two_passes_of_a_stack_become_one_document(self):
        """Two printers take turns; what one of them sends again because an answer was lost is no side of anything."""
        fronts = demo_documents.pdf([["Leaf 1", "About persimmons."], ["Leaf 3", "About persimmons."]])
        backs = demo_documents.pdf([["Leaf 4", "About persimmons."], ["Leaf 2", "About persimmons."]])
        other = demo_documents.pdf([["Leaf 5", "About persimmons."]])
        folder = "/drop/copier/double-sided"
        self.assertEqual(405, self.anna.status("MKCOL", folder))
        self.put(self.anna, folder + "/fronts.pdf", fronts)
        self.put(self.anna, folder + "/fronts.pdf", fronts)
        self.put(self.bo, folder + "/other.pdf", other)
        self.put(self.anna, folder + "/backs.pdf", backs)
        self.assertEqual(["backs.pdf", "fronts.pdf"], self.anna.names(folder + "/"))
        made, = until(lambda: (lambda found: [item["page_count"] for item in found] == [4] and found)(
            self.service.search("persimmons")["items"]), "one document")
        self.assertEqual(["1", "2", "3", "4"],
                         re.findall(r"Leaf (\d)", self.ok("GET", f"/documents/{made['id']}/text").decode()))

    def test_what_cannot_be_read_is_refused(self):
        many = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><propfind xmlns="DAV:"><prop><a xmlns="">&b;</a></prop></propfind>'
        deep = b'<propfind xmlns="DAV:">' + b"<prop>" * 100 + b"</prop>" * 100 + b"</propfind>"
        for body in (many, deep, b"<propfind xmlns='DAV:'>", b"\xff\xfe"):
            self.assertEqual(400, self.anna.status("PROPFIND", "/work/", body, Depth="0"), body[:40])
        self.assertEqual(403, self.anna.status("PROPFIND", "/work/", Depth="infinity"))
        for header in ("(", "<a", "()", "(<>)"):
            self.put(self.anna, "/work/if.txt", "x", 400, If=header)
        self.put(self.anna, "/work/%2e%2e/if.txt", "x", 400)
        self.put(self.anna, "/work/a%E2%80%AEb.txt", "x", 403)
        self.put(self.anna, "/missing/if.txt", "x", 409)
        self.put(self.anna, "/files/if.txt", "x", 403)
        self.put(self.anna, "/work/if.txt", "x", 403, Sec_Fetch_Site="cross-site")


if __name__ == "__main__":
    unittest.main(verbosity=2)

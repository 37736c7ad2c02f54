"""Mail from a real IMAP server, and from devices over SMTP, through the built program."""

import datetime
import json
import pathlib
import shutil
import smtplib
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
from dovecot import Dovecot, free_port  # noqa: E402
from service import Service, until  # noqa: E402


def mail(subject, text, *attachments, sender="Anna Berg <anna@example.org>"):
    parts = [f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"]
    parts += [f"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{content}\r\n"
              for name, content in attachments]
    return (f"From: {sender}\r\nTo: archive@example.org\r\nSubject: {subject}\r\nMessage-ID: <{subject}@example.org>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + "".join(parts) + "--b--\r\n").encode()


class Mailboxes(unittest.TestCase):
    def serve(self, **settings):
        service = Service(**settings)
        self.addCleanup(service.__exit__)
        service.start().sign_in()
        return service

    def setUp(self):
        self.dovecot = Dovecot()
        self.addCleanup(self.dovecot.__exit__)
        self.dovecot.__enter__()

    def add(self, service, **terms):
        return service.ok("POST", "/mailboxes", {"name": "Office", "host": "127.0.0.1", "port": self.dovecot.tls_port,
                                                 "login": Dovecot.LOGIN, "password": Dovecot.PASSWORD,
                                                 "interval_seconds": 600_000, **terms})

    def state(self, service, mailbox, asked=""):
        """How the last visit went, once it was after that time and no other is due."""
        def over(state):
            return state["visited_at"] is not None and asked < state["visited_at"] < state["next_visit_at"]
        return until(lambda: (lambda state: state if over(state) else None)(
            service.ok("GET", f"/mailboxes/{mailbox['id']}")["state"]), "a visit")

    def visit(self, service, mailbox):
        asked = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
        service.ok("POST", f"/mailboxes/{mailbox['id']}/visits")
        return self.state(service, mailbox, asked)

    def titles(self, service):
        """Of all documents, once they are read and in the list."""
        until(lambda: (lambda now: now["queue"]["queued"] + now["queue"]["running"] + now["index"]["pending"] == 0)(
            service.ok("GET", "/admin/status")), "everything to be read")
        return sorted(item["title"] for item in service.ok("GET", "/documents?limit=200")["items"])

    def test_a_mailbox_drains_into_the_archive_by_its_rules(self):
        service = self.serve(mail_ca_file=self.dovecot.ca_file)
        invoice = service.ok("POST", "/types", {"name": "Invoice"})
        self.dovecot.deliver([mail("Gooseberries", "As agreed.", ("terms.txt", "Terms about quinces")),
                              mail("Buy now", "Cheap", sender="spam@example.com"),
                              mail("Bill 17", "See attached", ("bill.txt", "Bill of seventeen crowns"), ("note.txt", "A note"))])
        self.dovecot.deliver([mail("Older", "From the other folder")], "R&AOQ-kningar")  # RFC 3501, 5.1.3
        mailbox = self.add(service, folders=["INBOX", "Räkningar"], afterwards="move", move_to="Kept", rules=[
            {"sender": "*@example.com", "takes": "nothing"},
            {"subject": "bill *", "attachment": "*.txt", "takes": "attachments", "type_id": invoice["id"]}])
        state = self.state(service, mailbox)
        self.assertEqual((None, 4, 0), (state["problem"], state["taken"], state["failed"]))
        self.assertEqual(5, len(self.titles(service)))  # two letters and what is attached to one, two papers
        letter = service.document(service.search("gooseberries")["items"][0]["id"])
        self.assertEqual(("mailbox", "message/rfc822"), (letter["source"], letter["media_type"]))
        self.assertEqual(["terms.txt"], [member["path"] for member in letter["members"]])
        self.assertEqual([letter["id"]], [item["id"] for item in service.search('source:mail sender:"anna berg" gooseberries')["items"]])
        self.assertEqual([], service.search("sender:spam")["items"])
        bill = service.document(service.search("seventeen")["items"][0]["id"])
        self.assertEqual(("Invoice", 0), (bill["type"]["name"], bill["member_count"]))
        self.assertEqual([b"Buy now"], [content.split(b"Subject: ")[1].split(b"\r\n")[0] for _, content in self.dovecot.mails()])
        self.assertEqual(3, len(self.dovecot.mails("Kept")))
        before = self.titles(service)
        self.assertIsNone(self.visit(service, mailbox)["problem"])
        self.assertEqual(before, self.titles(service))

    def test_a_rule_makes_a_mail_one_document_with_what_is_attached(self):
        service = self.serve(mail_ca_file=self.dovecot.ca_file)
        self.dovecot.deliver([mail("Offer", "See below.", ("terms.txt", "Terms about quinces")),
                              mail("Other", "As ever.", ("note.txt", "A note")), mail("Offer alone", "Nothing attached, but medlars.")])
        self.state(service, self.add(service, rules=[{"subject": "offer", "takes": "joined"}]))
        self.assertEqual(["A note", "Offer", "Offer alone", "Other"], self.titles(service))
        alone = service.document(service.search("medlars")["items"][0]["id"])
        self.assertEqual(("ready", 1, []), (alone["state"], alone["page_count"], alone["attachments"]))
        offer = service.document(service.search("quinces")["items"][0]["id"])
        self.assertEqual(("Offer", 2, 0, [2]), (offer["title"], offer["page_count"], offer["member_count"],
                                                [part["first_page"] for part in offer["attachments"]]))

    def test_a_mail_that_arrives_is_in_at_once(self):
        service = self.serve(mail_ca_file=self.dovecot.ca_file)
        for security, port in (("tls", self.dovecot.tls_port), ("starttls", self.dovecot.port)):
            folder = f"Idle {security}"
            self.dovecot.deliver([mail(f"{security} before", "text")], folder)
            mailbox = self.add(service, name=folder, folders=[folder], security=security, port=port)
            self.state(service, mailbox)
            for subject in ("first", "second"):
                self.dovecot.deliver([mail(f"{security} {subject}", "text")], folder)
                until(lambda: f"{security} {subject}" in self.titles(service), "the mail to be in")  # noqa: B023

    def test_afterwards_they_are_marked_deleted_or_left(self):
        service = self.serve(mail_ca_file=self.dovecot.ca_file)
        for number, (afterwards, security, port, left) in enumerate([
                ("nothing", "tls", self.dovecot.tls_port, [()]), ("mark_seen", "starttls", self.dovecot.port, [(b"\\Seen",)]),
                ("delete", "none", self.dovecot.port, [])]):
            folder = f"Box{number}"
            self.dovecot.deliver([mail(f"Letter {number}", "text")], folder)
            mailbox = self.add(service, name=folder, folders=[folder], afterwards=afterwards, security=security, port=port)
            self.assertEqual((None, 1), (lambda s: (s["problem"], s["taken"]))(self.state(service, mailbox)))
            self.assertEqual(left, [tuple(flag for flag in flags if flag != b"\\Recent")
                                    for flags, _ in self.dovecot.mails(folder)])

    def test_mails_that_the_server_numbers_anew_are_not_taken_twice(self):
        service = self.serve(mail_ca_file=self.dovecot.ca_file)
        self.dovecot.deliver([mail(f"Letter {number}", "text") for number in range(3)])
        mailbox = self.add(service)
        self.state(service, mailbox)
        self.dovecot.stop()
        self.dovecot.number_anew()
        self.dovecot.start()
        self.dovecot.deliver([mail("Letter 3", "text")])
        self.assertEqual(7, self.visit(service, mailbox)["taken"])
        self.assertEqual([f"Letter {number}" for number in range(4)], self.titles(service))

    def test_a_mail_that_fails_keeps_no_other_out_and_is_tried_again(self):
        service = self.serve(mail_ca_file=self.dovecot.ca_file, intake_max_file_size=20_000)
        self.dovecot.deliver([mail("First", "text"), mail("Large", "x" * 30_000), mail("Last", "text")])
        mailbox = self.add(service, afterwards="delete")
        state = self.state(service, mailbox)
        self.assertEqual((None, 2, 1), (state["problem"], state["taken"], state["failed"]))
        failed = service.ok("GET", f"/mailboxes/{mailbox['id']}/failed-mails")["items"]
        self.assertEqual([("INBOX", 1, None)], [(item["folder"], item["attempts"], item["retry_after"]) for item in failed])
        self.assertIn("intake.max_file_size", failed[0]["problem"])
        self.assertEqual("Large", failed[0]["subject"])
        self.assertIn("@", failed[0]["sender"])
        self.assertIn(b"\nmuniment_mails_failed 1\n", service.request("GET", "/metrics").body)
        self.assertEqual(1, len(self.dovecot.mails()))
        service.stop()
        service.environment["MUNIMENT_INTAKE_MAX_FILE_SIZE"] = "100000"
        service.start()
        state = self.visit(service, mailbox)
        self.assertEqual((3, 0), (state["taken"], state["failed"]))
        self.assertEqual(["First", "Large", "Last"], self.titles(service))
        self.assertEqual([], self.dovecot.mails())

    def test_what_is_wrong_with_a_mailbox_is_said(self):
        service = self.serve(mail_ca_file=self.dovecot.ca_file)
        mailbox = self.add(service, password="wrong")
        self.assertIn("refuses the login", self.state(service, mailbox)["problem"])
        service.ok("PATCH", f"/mailboxes/{mailbox['id']}", {"password": Dovecot.PASSWORD, "folders": ["Nowhere", "INBOX"]},
                   version=mailbox["version"])
        self.dovecot.deliver([mail("Letter", "text")])
        state = self.visit(service, mailbox)
        self.assertIn("Nowhere", state["problem"])
        self.assertEqual(1, state["taken"])  # from the other folder
        self.assertNotIn(Dovecot.PASSWORD, service.log_text())
        told = service.command("api", "mailboxes").stdout
        self.assertIn("Nowhere", told)
        self.assertNotIn(Dovecot.PASSWORD, told)
        password = service.data.parent / "password.txt"
        password.write_text("secret\n")
        service.command("api", "create_mailbox", "name=Gone", "host=127.0.0.1", f"port={free_port()}", "login=archive",
                        f"password=@{password}", 'rules=[{"subject": "bill", "takes": "attachments"}]')
        gone = next(each for each in service.ok("GET", "/mailboxes")["items"] if each["name"] == "Gone")
        self.assertEqual("bill", gone["rules"][0]["subject"])
        self.assertIn("cannot be reached", self.state(service, gone)["problem"])

    def test_a_certificate_of_nobody_known_is_not_trusted(self):
        service = self.serve()
        self.assertIn("mail.ca_file", self.state(service, self.add(service))["problem"])
        starttls = self.add(service, name="Other", port=self.dovecot.port, security="starttls")
        self.assertIn("mail.ca_file", self.state(service, starttls)["problem"])
        self.assertNotIn("Login: user", self.dovecot.log_text().replace(self.own_logins(), ""))

    def own_logins(self):
        """The line of the log with which Dovecot.start() made sure that it runs."""
        return next(line for line in self.dovecot.log_text().splitlines() if "Login: user" in line)


class ScriptedServer(socketserver.ThreadingTCPServer):
    """An IMAP server that says what no good one would. Three mails: one as a quoted string, one that it refuses, one with
    its UID after the body."""

    allow_reuse_address = True
    daemon_threads = True
    small = "Subject: Quoted\r\n"
    last = "Subject: Last\r\n\r\nAfter the refused one.\r\n"
    answers = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1\r\n", "LOGIN": "", "SELECT": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] numbered\r\n",
        "UID FETCH 1:*": "".join(f"* {uid} FETCH (RFC822.SIZE 30 UID {uid} X-ODD (a \"b) c\"))\r\n" for uid in (3, 1, 2)),
        "UID FETCH 4:*": "* 3 FETCH (UID 3 RFC822.SIZE 30)\r\n",
        "UID FETCH 1 ": "* 1 FETCH (UID 1 BODY[] \"Subject: Quoted\")\r\n* 9 EXISTS\r\n",
        "UID FETCH 2 (UID RFC": "* 2 FETCH (UID 2 RFC822.SIZE 30)\r\n", "UID FETCH 2 (UID BODY": None,
        "UID FETCH 3 ": f"* 3 FETCH (FLAGS () BODY[] {{{len(last)}}}\r\n{last} UID 3)\r\n",
    }

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"* OK ready\r\n")
            for line in iter(self.read_line, b""):
                tag, _, command = line.decode().strip().partition(" ")
                answer = next((text for start, text in self.server.answers.items() if command.startswith(start)), "")
                end = "NO [SERVERBUG] it cannot be read today" if answer is None else "OK done"
                self.wfile.write(f"{answer or ''}{tag} {end}\r\n".encode())

        def read_line(self):
            try:
                return self.rfile.readline()
            except ConnectionError:
                return b""

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return super().__enter__()


class SilentServer(socketserver.ThreadingTCPServer):
    """Takes connections and says nothing."""

    allow_reuse_address = True
    daemon_threads = True

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.server.called.set()
            self.server.over.wait()

    def __enter__(self):
        self.called, self.over = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return super().__enter__()

    def __exit__(self, *reason):
        self.over.set()
        return super().__exit__(*reason)


class OddServers(unittest.TestCase):
    def test_a_server_that_says_nothing_holds_up_no_other(self):
        with SilentServer(("127.0.0.1", 0), SilentServer.Handler) as silent, \
                ScriptedServer(("127.0.0.1", 0), ScriptedServer.Handler) as server, Service() as service:
            service.sign_in()
            paths = []
            for name, port in ("Silent", silent.server_address[1]), ("Odd", server.server_address[1]):
                paths.append("/mailboxes/%d" % service.ok("POST", "/mailboxes", {
                    "name": name, "host": "127.0.0.1", "port": port, "security": "none", "login": "a", "password": "b",
                    "interval_seconds": 600_000})["id"])
                self.assertTrue(silent.called.wait(60), service.log_text())
            until(lambda: service.ok("GET", paths[1])["state"]["visited_at"], "a visit to the other")
            self.assertIsNone(service.ok("GET", paths[0])["state"]["visited_at"], "it is still waited for")

    def test_a_mail_that_the_server_refuses_keeps_no_other_out(self):
        with ScriptedServer(("127.0.0.1", 0), ScriptedServer.Handler) as server, Service() as service:
            service.sign_in()
            path = "/mailboxes/%d" % service.ok("POST", "/mailboxes", {
                "name": "Odd", "host": "127.0.0.1", "port": server.server_address[1], "security": "none", "login": "a",
                "password": "b", "interval_seconds": 600_000})["id"]
            state = until(lambda: (lambda now: now if now["visited_at"] else None)(service.ok("GET", path)["state"]), "a visit")
            self.assertEqual((None, 2, 1), (state["problem"], state["taken"], state["failed"]), service.log_text())
            failed = service.ok("GET", path + "/failed-mails")["items"][0]
            self.assertIn("it cannot be read today", failed["problem"])
            self.assertIsNotNone(failed["retry_after"])
            sizes = sorted(service.document(number)["size"] for number in (1, 2))
            self.assertEqual([len("Subject: Quoted"), len(ScriptedServer.last)], sizes)
            server.answers = {**server.answers, "UID FETCH 2 (UID BODY":
                              f"* 2 FETCH (BODY[] {{{len(server.small)}}}\r\n{server.small} UID 2)\r\n"}
            service.ok("POST", path + "/visits")
            until(lambda: service.ok("GET", path)["state"]["failed"] == 0, "the refused one to be taken")
            self.assertEqual(3, service.ok("GET", "/admin/status")["documents"])

    def test_a_mail_whose_headers_have_no_end_holds_up_no_other(self):
        endless = "X: " + "x" * 300_000
        with ScriptedServer(("127.0.0.1", 0), ScriptedServer.Handler) as server, Service() as service:
            server.answers = {"UID FETCH 2 (UID BODY.PEEK[HEADER": f"* 2 FETCH (BODY[HEADER] {{{len(endless)}}}\r\n{endless} UID 2)\r\n",
                              **server.answers, "UID FETCH 3:*": server.answers["UID FETCH 1:*"]}
            service.sign_in()
            path = "/mailboxes/%d" % service.ok("POST", "/mailboxes", {
                "name": "Odd", "host": "127.0.0.1", "port": server.server_address[1], "security": "none", "login": "a",
                "password": "b", "interval_seconds": 600_000})["id"]
            state = until(lambda: (lambda now: now if now["taken"] == 2 else None)(service.ok("GET", path)["state"]), "the others")
            self.assertEqual((None, None, 1), (state["problem"], state["failing_since"], state["failed"]), service.log_text())
            self.assertIn("it cannot be read today", service.ok("GET", path + "/failed-mails")["items"][0]["problem"])


def certificate_for(name, directory):
    """The files of a certificate that says so of itself, and its key."""
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    kind = "IP" if name[0].isdigit() else "DNS"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName={kind}:{name}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail with TLS from the first byte or after STARTTLS, under a certificate for `name`; nothing without TLS."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, directory, name, at_once):
        self.certificate, key = certificate_for(name, directory)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.at_once, self.commands, self.mails = at_once, [], []
        super().__init__(("127.0.0.1", 0), self.Handler)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            try:
                if self.server.at_once:
                    self.protect()
                self.converse()
            except (ssl.SSLError, ConnectionError):
                pass  # a client that does not trust the certificate goes away
            finally:
                self.request.close()

        def protect(self):
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

        def converse(self):
            self.say("220 ready")
            for line in iter(lambda: self.rfile.readline(), b""):  # noqa: PLW0108  STARTTLS replaces it
                command = line.decode().strip()
                verb = command[:4].upper()
                self.server.commands.append((isinstance(self.request, ssl.SSLSocket), verb))
                if verb == "STAR":
                    self.say("220 go on")
                    self.protect()
                elif verb == "EHLO":
                    self.say("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS")
                elif verb == "AUTH":
                    if len(command.split()) < 3:
                        self.say("334 ")
                        self.rfile.readline()
                    self.say("235 welcome")
                elif verb == "DATA":
                    self.say("354 go on")
                    self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self.say("250 kept")
                else:
                    self.say("221 bye" if verb == "QUIT" else "250 ok")

        def say(self, text):
            self.wfile.write(text.encode() + b"\r\n")

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return super().__enter__()

    def __exit__(self, *arguments):
        self.shutdown()
        super().__exit__(*arguments)


class Outgoing(unittest.TestCase):
    """What workflows send leaves by TLS only, to a server whose certificate is good."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="muniment-smtp-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        (self.directory / "password").write_text("a secret word\n")

    def outcome(self, server, security, trusted):
        """The log of the first attempt to send a mail about a document."""
        with server, Service(mail_send_server=f"127.0.0.1:{server.server_address[1]}", mail_send_security=security,
                             mail_send_from="archive@example.org", mail_send_login="archive", mail_ca_file=trusted,
                             mail_send_password_file=self.directory / "password") as service:
            service.sign_in()
            workflow = service.ok("POST", "/workflows", {"name": "Tell", "enabled": True, "actions": [
                {"kind": "mail", "to": ["anna@example.org"], "subject": "New: {title}", "text": "See {link}"}]})
            service.upload("rent.txt", b"The rent")
            runs = until(lambda: [run for run in service.ok("GET", f"/workflows/{workflow['id']}/runs")["items"] if run["log"]],
                         "a mail to be sent")
            return runs[0]["log"][0]

    def test_a_mail_goes_out_by_tls(self):
        for security, at_once in (("tls", True), ("starttls", False)):
            with self.subTest(security):
                server = MailServer(self.directory, "127.0.0.1", at_once)
                step = self.outcome(server, security, server.certificate)
                self.assertEqual("done", step["outcome"], step)
                self.assertIn(b"Subject: New: The rent", server.mails[0])
                in_clear = {verb for protected, verb in server.commands if not protected}
                self.assertLessEqual(in_clear, set() if at_once else {"EHLO", "STAR"})

    def test_nothing_goes_to_a_server_that_is_not_known_or_has_another_name(self):
        other = MailServer(self.directory, "mail.example.org", True)
        stranger = MailServer(self.directory, "127.0.0.1", False)
        for server, security, trusted in ((other, "tls", other.certificate), (stranger, "starttls", other.certificate)):
            with self.subTest(security):
                step = self.outcome(server, security, trusted)
                self.assertEqual("retry", step["outcome"], step)
                self.assertEqual([], server.mails)
                self.assertNotIn("AUTH", [verb for _, verb in server.commands])


class Devices(unittest.TestCase):
    def test_a_device_sends_by_tls(self):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="muniment-smtp-"))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        certificate, key = certificate_for("127.0.0.1", directory)
        port = free_port()
        with Service(mail_listen=f"127.0.0.1:{port}", mail_listen_certificate=certificate, mail_listen_key=key) as service:
            service.sign_in()
            with smtplib.SMTP("127.0.0.1", port) as device:
                device.starttls(context=ssl.create_default_context(cafile=certificate))
                device.sendmail("copier@example.org", ["scan@archive"], mail("Scan", "x", ("a.txt", "A" * 200_000)))
            self.assertEqual(1, service.ok("GET", "/admin/status")["documents"])

    def test_a_renewed_certificate_is_shown_without_a_restart(self):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="muniment-smtp-"))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        (directory / "next").mkdir()
        certificate, key = certificate_for("127.0.0.1", directory)
        next_certificate, next_key = certificate_for("127.0.0.1", directory / "next")
        port = free_port()

        def shown():
            with smtplib.SMTP("127.0.0.1", port) as device:
                device.starttls(context=ssl._create_unverified_context())
                return ssl.DER_cert_to_PEM_cert(device.sock.getpeercert(binary_form=True)).split()

        with Service(mail_listen=f"127.0.0.1:{port}", mail_listen_certificate=certificate, mail_listen_key=key):
            old, new = certificate.read_text().split(), next_certificate.read_text().split()
            self.assertEqual(old, shown())
            next_certificate.replace(certificate)
            self.assertEqual(old, shown())  # its key is not there yet
            next_key.replace(key)
            self.assertEqual(new, shown())

    def test_the_listener_is_set_while_the_service_runs(self):
        first, second = free_port(), free_port()
        listener = "/admin/mail-listener"

        def send(port):
            with smtplib.SMTP("127.0.0.1", port) as device:
                device.sendmail("copier@example.org", ["scan@archive"], mail(f"Scan to {port}", "x", (f"{port}.txt", f"Sent to {port}")))

        with Service() as service:
            service.sign_in()
            kind = service.ok("POST", "/types", {"name": "Scan"})
            with self.assertRaises(ConnectionRefusedError):
                send(first)
            service.command("api", "change_mail_listener", "enabled=true", f"port={first}", f"type_id={kind['id']}")
            send(first)
            self.assertEqual("Scan", service.document(1)["type"]["name"])
            taken = service.ask("PATCH", listener, {"port": service.port}, version=2)
            self.assertEqual(409, taken.status)
            self.assertIn(f"127.0.0.1:{service.port}", taken.json["detail"])
            service.ok("PATCH", listener, {"port": second, "senders": ["*@example.org"]}, version=2)
            with self.assertRaises(ConnectionRefusedError):
                send(first)
            send(second)
            service.kill()
            # A command that works alone listens for nobody.
            self.assertIsNone(json.loads(service.command("api", "mail_listener").stdout)["listening"])
            service.start()
            self.assertEqual(f"127.0.0.1:{second}", service.ok("GET", listener)["listening"])
            service.ok("DELETE", listener, version=3)
            with self.assertRaises(ConnectionRefusedError):
                send(second)
            self.assertEqual(2, service.ok("GET", "/admin/status")["documents"])
            self.assertEqual(["mail_listener.set"] * 3, [entry["action"] for entry in service.ok("GET", "/audit?object=mail_listener")["items"]])

    def test_a_device_sends_a_scan(self):
        port = free_port()
        with Service(mail_listen=f"127.0.0.1:{port}", mail_senders="copier@example.org", mail_max_size=20_000) as service:
            service.sign_in()
            scan = mail("Scan", "From the copier", ("paper.txt", "A paper about medlars"))
            with smtplib.SMTP("127.0.0.1", port) as device:
                device.sendmail("copier@example.org", ["scan@archive"], scan)
                # It is there when the device is told so.
                self.assertEqual(1, service.ok("GET", "/admin/status")["documents"])
                with self.assertRaises(smtplib.SMTPSenderRefused) as refused:
                    device.sendmail("somebody@example.com", ["scan@archive"], scan)
                self.assertEqual(550, refused.exception.smtp_code)
                with self.assertRaises(smtplib.SMTPException):
                    device.sendmail("copier@example.org", ["scan@archive"], b"x" * 21_000)
            found = until(lambda: service.search("medlars")["items"], "the scan to be found")
            document = service.document(found[0]["id"])
            self.assertEqual("smtp", document["source"])
            # The mail itself is not kept, but who sent it and what it was about is.
            self.assertEqual("Scan", next(header["value"] for header in document["message"] if header["name"] == "Subject"))
            self.assertEqual([document["id"]], [item["id"] for item in service.search("copier@example.org medlars")["items"]])
            service.kill()
            service.start()
            with smtplib.SMTP("127.0.0.1", port) as device:
                device.sendmail("copier@example.org", ["scan@archive"], scan)  # as one that never got an answer
            self.assertEqual(1, service.ok("GET", "/admin/status")["documents"])


if __name__ == "__main__":
    unittest.main()

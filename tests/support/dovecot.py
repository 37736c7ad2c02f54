"""A real IMAP server of its own: Debian's Dovecot, on free ports of the loopback, with a certificate made for it."""

import getpass
import imaplib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

PATIENCE = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """Use in a `with`. The mailbox of one user, "archive" with the password "kålrot &c", empty at first."""

    LOGIN, PASSWORD = "archive", "kålrot &c"

    def __init__(self):
        # As root its processes become somebody else, who must get through to it.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="muniment-dovecot-", dir="/tmp"))
        self.directory.chmod(0o755)
        self.port, self.tls_port = free_port(), free_port()
        self.process = None

    def __enter__(self):
        self.write_configuration()
        return self.start()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def write_configuration(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.directory / "key.pem", "-out", self.ca_file],
                       check=True, capture_output=True)
        is_root = os.getuid() == 0
        owner = pwd.getpwnam("mail") if is_root else pwd.getpwuid(os.getuid())
        service_users = "" if is_root else f"""
default_internal_user = {getpass.getuser()}
default_login_user = {getpass.getuser()}
default_internal_group = {os.getgid()}
service anvil {{
  chroot =
}}
"""
        (self.directory / "mail").mkdir()
        os.chown(self.directory / "mail", owner.pw_uid, owner.pw_gid)
        (self.directory / "users").write_text(f"{self.LOGIN}:{{PLAIN}}{self.PASSWORD}::::::\n")
        (self.directory / "dovecot.conf").write_text(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {self.directory}/run
state_dir = {self.directory}/state
log_path = {self.directory}/dovecot.log
ssl = yes
ssl_cert = <{self.ca_file}
ssl_key = <{self.directory}/key.pem
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{self.directory}/mail/%u
mail_fsync = never
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {self.directory}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={self.directory}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
{service_users}""")

    @property
    def ca_file(self):
        return self.directory / "certificate.pem"

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", self.directory / "dovecot.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("dovecot did not start: " + self.process.stderr.read().decode() + self.log_text())
            try:
                return self.client().logout() and self
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.02)
        raise RuntimeError("dovecot did not answer\n" + self.log_text())

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(PATIENCE)
        self.process.stderr.close()
        self.process = None

    def kill(self):
        """With every connection, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.process.stderr.close()
        self.process = None
        (self.directory / "run" / "master.pid").unlink(missing_ok=True)

    def log_text(self):
        log = self.directory / "dovecot.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def number_anew(self):
        """The mails of every folder get another UIDVALIDITY, as after a server was restored from a backup. It does not run."""
        for file in (self.directory / "mail").rglob("dovecot.index*"):
            file.unlink()
        for file in (self.directory / "mail").rglob("dovecot-uidlist"):
            head, rest = file.read_text().split("\n", 1)
            file.write_text(re.sub(r" V(\d+)", lambda match: f" V{int(match[1]) + 1}", head) + "\n" + rest)

    # --- what another mail program sees and does ---

    def client(self):
        client = imaplib.IMAP4_SSL("127.0.0.1", self.tls_port, ssl_context=ssl.create_default_context(cafile=self.ca_file))
        client._encoding = "utf-8"
        client.authenticate("PLAIN", lambda _: f"\0{self.LOGIN}\0{self.PASSWORD}".encode())
        return client

    def deliver(self, mails, folder="INBOX"):
        client = self.client()
        quoted = f'"{folder}"'
        if folder != "INBOX":
            client.create(quoted)
        for mail in mails:
            answer, detail = client.append(quoted, None, None, mail)
            assert answer == "OK", detail
        client.logout()

    def mails(self, folder="INBOX"):
        """[(flags, bytes)] of a folder, in order; [] when there is no such folder."""
        client = self.client()
        found = []
        answer, count = client.select(f'"{folder}"', readonly=True)
        if answer == "OK" and int(count[0]) > 0:
            for part in client.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]:
                if isinstance(part, tuple):
                    found.append((imaplib.ParseFlags(part[0]), part[1]))
        client.logout()
        return found

"""The real program on a real port, as a black box. MUNIMENT names the built program."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse
import uuid

PROGRAM = os.environ.get("MUNIMENT", str(pathlib.Path(__file__).parents[2] / "build/release/bin/muniment"))
# However slow the machine: nothing here passes or fails by the clock, this only ends a hang.
PATIENCE = 240


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Service:
    """One data directory and the service on it. Use in a `with`, which removes both."""

    def __init__(self, data=None, program=None, directory=None, **settings):
        self.program = str(program or PROGRAM)
        self.working_directory = directory
        self.directory = None if data else tempfile.mkdtemp(prefix="muniment-")
        self.data = pathlib.Path(data or self.directory) / "data"
        self.environment = {**os.environ, "MUNIMENT_INTAKE_FREE_DISK": "0", "MUNIMENT_INTAKE_FREE_DISK_PERCENT": "0"}
        for key, value in settings.items():
            self.environment["MUNIMENT_" + key.upper()] = str(value)
        self.process = None
        self.setup_code = None
        self.token = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill()
        if self.directory:
            shutil.rmtree(self.directory, ignore_errors=True)

    def start(self):
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with open(self.data.parent / "service.log", "ab") as log:
            self.process = subprocess.Popen([self.program, "--data", str(self.data), "serve", "--listen", "127.0.0.1:0"],
                                            cwd=self.working_directory, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True,
                                            start_new_session=True)
        line = self.process.stdout.readline()
        match = re.match(r"listening on http://127\.0\.0\.1:(\d+)$", line.strip())
        if not match:
            self.process.wait(PATIENCE)
            raise RuntimeError(f"the service did not start: {line!r}\n{self.log_text()[-3000:]}")
        self.port = int(match.group(1))
        if not (self.token or self.has_account()):
            self.setup_code = re.search(r"code (\S+)$", self.process.stdout.readline()).group(1)
        return self

    def has_account(self):
        return not self.request("GET", "/api/v1/setup").json.get("needed", True)

    def log_text(self):
        return (self.data.parent / "service.log").read_text(errors="replace")

    def kill(self):
        """SIGKILL, to the service and whatever it started: what a power cut leaves running."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def stop(self):
        """The exit code of a graceful stop."""
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return code

    # --- HTTP ---

    def request(self, method, path, body=None, token=None, headers=None):
        headers = dict(headers or {})
        if token or self.token:
            headers["Authorization"] = "Bearer " + (token or self.token)
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        elif body is None and method not in ("GET", "HEAD"):
            body = b""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def ask(self, method, path, body=None, version=None, token=None):
        """A request below /api/v1, for the version of something that its change is meant for."""
        return self.request(method, "/api/v1" + path, body, token, {"If-Match": f'"{version}"'} if version else {})

    def ok(self, *arguments, **named):
        """What ask() was answered with: JSON where it is, bytes otherwise. It must have succeeded."""
        answer = self.ask(*arguments, **named)
        if answer.status >= 300:
            raise AssertionError(f"{arguments}: {answer.status} {answer.body[:1000]!r}")
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.json if is_json else answer.body

    def upload(self, name, content, key=None, token=None, path="/documents", version=None, **fields):
        boundary = "b" + uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
                 for field, value in fields.items()]
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                     "Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
        parts.append(f"--{boundary}--\r\n".encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        if key:
            headers["Idempotency-Key"] = key
        if version:
            headers["If-Match"] = f'"{version}"'
        return self.request("POST", "/api/v1" + path, b"".join(parts), token, headers)

    def search(self, query, token=None):
        return self.request("GET", "/api/v1/documents?limit=200&q=" + urllib.parse.quote(query), token=token).json

    def document(self, number):
        return self.request("GET", f"/api/v1/documents/{number}").json

    def wait_for_job(self, job):
        """The job once it is over."""
        return until(lambda: (lambda j: j if j["state"] not in ("queued", "running") else None)(
            self.request("GET", f"/api/v1/jobs/{job}").json), f"job {job} to end")

    def wait_until_idle(self):
        until(lambda: (lambda s: s["queue"].get("queued", 0) + s["queue"].get("running", 0) == 0
                       and s["index"].get("pending", 0) == 0)(self.ok("GET", "/admin/status")), "the queue to be empty")

    def settle(self):
        """Waits for all work to end. A document whose reading three kills in a row have ended is in quarantine, as it
        should be; it is tried again, as a person would."""
        self.wait_until_idle()
        while unlucky := self.ok("GET", "/quarantine?limit=100")["items"]:
            for item in unlucky:
                if "the service ended each time" not in item["problem"]["detail"]:
                    raise AssertionError(f"in quarantine for something else: {item}")
                self.ok("POST", f"/documents/{item['document']['id']}/retry")
            self.wait_until_idle()

    # --- the command line ---

    def command(self, *arguments, stdin="", expect=0):
        done = subprocess.run([self.program, "--data", str(self.data), *map(str, arguments)], env=self.environment,
                              input=stdin, capture_output=True, text=True, timeout=PATIENCE)
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"{arguments}: exit code {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
        return done

    def sign_in(self, role="admin", name="tester"):
        """Makes an account and uses a token of it from now on."""
        self.command("user", "add", name, "--role", role, "--password-stdin", stdin="a long enough password\n")
        self.token = self.command("token", "create", name).stdout.strip()
        return self.token


def until(condition, what):
    """The first true value of condition()."""
    deadline = time.monotonic() + PATIENCE
    pause = 0.01
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)
    raise AssertionError(f"waited {PATIENCE} s in vain for {what}")

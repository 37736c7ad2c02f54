"""A service of its own for a figure, who asks it, and what its processes use."""

import http.client
import json
import os
import pathlib
import tempfile
import time

import service as support


def say(bench, what, **figures):
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in figures.items()}
    print(json.dumps({"bench": bench, "what": what, **rounded}), flush=True)


def at(sorted_values, part):
    return sorted_values[int(part * (len(sorted_values) - 1))]


class Client:
    """One kept connection."""

    def __init__(self, service, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=600)
        self.headers = {"Authorization": "Bearer " + token}

    def ask(self, method, path, body=None):
        headers = dict(self.headers)
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # it was idle for too long
            self.connection.close()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:300]}")
        return json.loads(content) if content else None


def processor_seconds(pid):
    """Of a process and all below it that still run, and of those that ended and were waited for."""
    total, ticks = 0, os.sysconf("SC_CLK_TCK")
    for one in family(pid):
        try:
            fields = pathlib.Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            total += sum(int(field) for field in fields[11:15]) / ticks
        except OSError:
            continue
    return total


def family(pid):
    members, at_end = [pid], 0
    while at_end < len(members):
        try:
            for task in pathlib.Path(f"/proc/{members[at_end]}/task").iterdir():
                members += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass
        at_end += 1
    return members


def memory(pid):
    """Proportional set size of a process and all below it, MiB: shared pages count once."""
    total = 0
    for one in family(pid):
        try:
            for line in pathlib.Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def local_client(service):
    return Client(service, json.loads((service.data / "service.json").read_text())["token"])


def fresh_service(directory):
    service = support.Service(data=directory, log_level="info")
    service.start()
    return service, local_client(service)


def with_service(measure):
    """Runs measure(service, client, options, folder) with a service of its own."""
    def run(options):
        with tempfile.TemporaryDirectory(prefix="muniment-bench-") as directory:
            service, client = fresh_service(pathlib.Path(directory))
            try:
                measure(service, client, options, pathlib.Path(directory))
                service.stop()
            finally:
                if service.process.poll() is None:
                    service.kill()
    return run


def uploaded(service, client, name, content):
    service.token = client.headers["Authorization"].split()[1]
    return service.upload(name, content).json


def wait_for_job(client, job):
    while True:
        state = client.ask("GET", f"/api/v1/jobs/{job}")
        if state["state"] not in ("queued", "running"):
            return state
        time.sleep(0.005)

#!/usr/bin/env python3
"""Measures the running service from outside, as people and programs meet it. Prints one JSON line a figure.

    service_bench.py [--program MUNIMENT] [--keep DIRECTORY] FIGURE... [--documents N] [--inputs FOLDER]

Each figure starts its own service on 127.0.0.1 with a temporary data directory and ends it. FIGURE is one or more of:

    search       p50 and p99 of mixed queries with snippets and facets over N one-page documents (200 000), as one who may
                 read all, as one who may read a tenth, and while more documents are loaded. --keep keeps the archive
                 for the next run.
    fresh        how soon a new document is found after its text exists
    connections  a new request beside 500 idle connections
    memory       of the idle service with its warm reader
    huge         a PDF of 10 000 pages: memory of all processes, and another document going through meanwhile
    blank        a blank page through the whole pipeline
    bulk         short texts through the whole pipeline, against omindex (Debian's xapian-omega) on the same files
    page         what a one-page scan costs beyond bare recognition (--inputs: a folder of page images)
    pdf          PDFs of --inputs against ocrmypdf: with a text layer by --skip-text, others by the full treatment
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import bench_inputs  # noqa: E402
import service as support  # noqa: E402

FACETS = "type,tag,correspondent,year,language,class"


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


# --- search ---------------------------------------------------------------------------------------------------------

LISTS = 10
TYPES = ["Invoice", "Letter", "Contract", "Minutes", "Report"]
BATCH = 50


def local_client(service):
    return Client(service, json.loads((service.data / "service.json").read_text())["token"])


def set_up_archive(service, client, names):
    """Types, correspondents, tags, and classes with an access list each; a reader who may read one of them."""
    def made(path, **body):
        return client.ask("POST", path, body)["id"]

    service.command("user", "add", "restricted", "--role", "reader", "--password-stdin",
                    stdin="a long enough password\n")
    account = [item for item in client.ask("GET", "/api/v1/accounts")["items"] if item["name"] == "restricted"][0]["id"]
    names["types"] = [made("/api/v1/types", name=name) for name in TYPES]
    names["correspondents"] = [made("/api/v1/correspondents", name=f"Company {i}") for i in range(300)]
    names["tags"] = [made("/api/v1/tags", name=f"tag{i}") for i in range(40)]
    names["classes"] = []
    for i in range(LISTS):
        entries = [{"subject": "account", "id": account, "may_change": False}] if i == 3 else []
        access_list = made("/api/v1/access-lists", name=f"List {i}", entries=entries)
        number = made("/api/v1/classes", code=str(i + 1), title=f"Class {i + 1}")
        current = client.ask("GET", f"/api/v1/classes/{number}")
        version = current["version"]
        client.headers["If-Match"] = f'"{version}"'
        client.ask("PUT", f"/api/v1/classes/{number}/access-list", {"access_list": access_list})
        del client.headers["If-Match"]
        names["classes"].append(number)
    names["token"] = service.command("token", "create", "restricted").stdout.strip()


def load_texts(client, names, folder, first, last, stop=None):
    """In batches, each with its own metadata."""
    for begin in range(first, last + 1, BATCH):
        if stop and stop.is_set():
            return
        numbers = range(begin, min(begin + BATCH, last + 1))
        bench_inputs.write_texts(folder, begin, len(numbers))
        batch = begin // BATCH
        client.ask("POST", "/api/v1/local/documents", {
            "paths": [str(bench_inputs.path_of(folder, number)) for number in numbers],
            "type": names["types"][batch % len(TYPES)],
            "correspondent": names["correspondents"][batch * 7 % 300],
            "class": names["classes"][batch * 3 % LISTS],
            "tags": [names["tags"][batch % 40], names["tags"][batch * 11 % 40]]})


def wait_until_indexed(client, count):
    while True:
        status = client.ask("GET", "/api/v1/admin/status")
        if status["index"]["documents"] >= count and status["index"]["pending"] == 0 and status["queue"]["queued"] == 0:
            return
        time.sleep(1)


def measure_search(service, token, what, queries, documents):
    client = Client(service, token)
    chooser = random.Random(7)
    times, by_kind, shown = [], {}, 0
    for number in range(queries + bench_inputs.QUERY_KINDS):
        kind = number % bench_inputs.QUERY_KINDS
        path = (f"/api/v1/documents?limit=20&facets={FACETS}&q="
                + urllib.parse.quote(bench_inputs.query(chooser, kind)))
        begin = time.perf_counter()
        answer = client.ask("GET", path)
        took = (time.perf_counter() - begin) * 1000
        if number < bench_inputs.QUERY_KINDS:
            continue
        times.append(took)
        by_kind.setdefault(kind, []).append(took)
        shown += len(answer["items"])
    times.sort()
    say("search", what, documents=documents, queries=len(times), p50_ms=at(times, 0.5), p99_ms=at(times, 0.99),
        p50_by_kind_ms=[round(statistics.median(by_kind[kind]), 1) for kind in sorted(by_kind)],
        items_a_query=shown / len(times))


def bench_search(options):
    root = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="muniment-bench-"))
    texts = root / "texts"
    notes = root / "names.json"
    service = support.Service(data=root, log_level="info")
    with service:
        client = local_client(service)
        names = json.loads(notes.read_text()) if notes.exists() else {}
        if not names:
            set_up_archive(service, client, names)
            names["loaded"] = 0
        administrator = client.headers["Authorization"].split()[1]
        if names["loaded"] < options.documents:
            begin = time.monotonic()
            before = names["loaded"]
            while names["loaded"] < options.documents:
                last = min(names["loaded"] + 5000, options.documents)
                load_texts(client, names, texts, names["loaded"] + 1, last)
                names["loaded"] = last
                notes.write_text(json.dumps(names))
            wait_until_indexed(client, options.documents)
            took = time.monotonic() - begin
            say("search", "loading", documents=options.documents - before, seconds=took,
                documents_per_second=(options.documents - before) / took)
        wait_until_indexed(client, names["loaded"])
        for what, token in [("all readable", administrator), ("a tenth readable", names["token"])]:
            measure_search(service, token, what, options.queries, names["loaded"])
        stop = threading.Event()
        loader = threading.Thread(target=load_texts, args=(local_client(service), names, texts, names["loaded"] + 1,
                                                           names["loaded"] + 100_000, stop))
        written = names["loaded"]
        bench_inputs.write_texts(texts, written + 1, 20_000)
        loader.start()
        time.sleep(5)
        count = client.ask("GET", "/api/v1/admin/status")["documents"]
        begin = time.monotonic()
        for what, token in [("all readable, during a bulk load", administrator),
                            ("a tenth readable, during a bulk load", names["token"])]:
            measure_search(service, token, what, options.queries, written)
        rate = (client.ask("GET", "/api/v1/admin/status")["documents"] - count) / (time.monotonic() - begin)
        stop.set()
        loader.join()
        say("search", "the bulk load meanwhile", documents_per_second=rate)
        names["loaded"] = client.ask("GET", "/api/v1/admin/status")["documents"]
        notes.write_text(json.dumps(names))
        wait_until_indexed(client, 0)
        service.stop()
    if not options.keep:
        shutil.rmtree(root)


FIGURES = {"search": bench_search}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="+", choices=sorted(FIGURES))
    parser.add_argument("--program", help="the built muniment")
    parser.add_argument("--keep", help="directory of the archive for search, kept for the next run")
    parser.add_argument("--inputs", help="folder of input files")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--queries", type=int, default=800)
    options = parser.parse_args()
    if options.program:
        support.PROGRAM = options.program
    for figure in options.figures:
        FIGURES[figure](options)


if __name__ == "__main__":
    main()

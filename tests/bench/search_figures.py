"""How long a search takes in a large archive."""

import json
import pathlib
import random
import shutil
import statistics
import tempfile
import threading
import time
import urllib.parse

import bench_inputs
import service as support
from measured_service import at, Client, local_client, processor_seconds, say

FACETS = "type,tag,correspondent,year,language,class"
LISTS = 10
TYPES = ["Invoice", "Letter", "Contract", "Minutes", "Report"]
BATCH = 50


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


def wait_until_at_rest(service):
    """What has been filed is learned, and who follows what is told, in the background after a start too."""
    used = processor_seconds(service.process.pid)
    while True:
        time.sleep(2)
        before, used = used, processor_seconds(service.process.pid)
        if used - before < 0.1:
            return


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
        wait_until_at_rest(service)
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

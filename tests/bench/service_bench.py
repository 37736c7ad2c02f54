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
    pdf          PDFs of --inputs against ocrmypdf: plain, with --skip-text, and with the full treatment
    recognition  pages a second of the pictures below --inputs, whole pipeline on all cores, against libtesseract alone,
                 one process a core (bare_recognition): told the right language of each, and with all --languages at once
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


# --- one document -----------------------------------------------------------------------------------------------------

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


def bench_fresh(service, client, options, _):
    after_upload, after_text = [], []
    wait_for_job(client, uploaded(service, client, "first.txt", b"The reader starts.\n")["job"])
    for number in range(30):
        word = f"zebra{number}x"  # with a digit, so that no other has its stem
        made = uploaded(service, client, f"{number}.txt", (bench_inputs.text(number) + word + "\n").encode())
        begin, text_there = time.perf_counter(), None
        while True:
            if text_there is None:
                job = client.ask("GET", f"/api/v1/jobs/{made['job']}")
                text_there = time.perf_counter() if job["stage"] == "indexing" or job["state"] == "done" else None
            if client.ask("GET", f"/api/v1/documents?q={word}")["total"] == 1:
                break
        found = time.perf_counter()
        after_upload.append((found - begin) * 1000)
        after_text.append((found - (text_there or begin)) * 1000)
    for what, times in [("found after the upload was answered", after_upload), ("found after its text was stored", after_text)]:
        times.sort()
        say("fresh", what, documents=len(times), p50_ms=at(times, 0.5), worst_ms=times[-1])


def bench_connections(service, client, options, _):
    idle = []
    for _ in range(500):
        one = http.client.HTTPConnection("127.0.0.1", service.port, timeout=600)
        one.request("GET", "/healthz")
        one.getresponse().read()
        idle.append(one)
    time.sleep(1)
    times = []
    for _ in range(50):
        new = Client(service, client.headers["Authorization"].split()[1])
        begin = time.perf_counter()
        new.ask("GET", "/api/v1/documents?limit=20")
        times.append((time.perf_counter() - begin) * 1000)
        new.connection.close()
    times.sort()
    say("connections", "a new request beside 500 idle connections", p50_ms=at(times, 0.5), worst_ms=times[-1],
        memory_mib=memory(service.process.pid))


def bench_memory(service, client, options, _):
    wait_for_job(client, uploaded(service, client, "a.pdf", bench_inputs.pdf([["One page"]]))["job"])
    time.sleep(2)
    processes = family(service.process.pid)
    say("memory", "idle service and warm reader", mib=memory(service.process.pid), processes=len(processes),
        service_mib=memory(service.process.pid) - sum(memory(child) for child in processes[1:2]))


def bench_huge(service, client, options, _):
    pages = 10_000
    chooser = random.Random(1)
    content = bench_inputs.pdf([" ".join(bench_inputs.words(chooser, 10)) for _ in range(40)] for _ in range(pages))
    peak, stop = [0.0], threading.Event()

    def watch():
        while not stop.wait(0.2):
            peak[0] = max(peak[0], memory(service.process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.monotonic()
    job = uploaded(service, client, "huge.pdf", content)["job"]
    accepted = time.monotonic() - begin
    while client.ask("GET", f"/api/v1/jobs/{job}")["page"] < pages / 20:
        time.sleep(0.05)
    small_begin = time.monotonic()
    small = uploaded(service, client, "small.txt", b"A curlew calls.\n")["job"]
    while client.ask("GET", "/api/v1/documents?q=curlew")["total"] == 0:
        time.sleep(0.01)
    small_took = time.monotonic() - small_begin
    meanwhile = client.ask("GET", f"/api/v1/jobs/{job}")
    wait_for_job(client, small)
    ended = wait_for_job(client, job)
    took = time.monotonic() - begin
    stop.set()
    watcher.join()
    say("huge", "a PDF of 10 000 pages", state=ended["state"], megabytes=len(content) / 1e6, accepted_seconds=accepted,
        seconds=took, pages_per_second=pages / took, peak_mib=peak[0],
        cpu_ms_a_page=processor_seconds(service.process.pid) * 1000 / pages)
    say("huge", "a small text meanwhile, found after", seconds=small_took, huge_page_then=meanwhile["page"])


def bench_blank(service, client, options, _):
    def run(pages):
        before = processor_seconds(service.process.pid)
        begin = time.monotonic()
        wait_for_job(client, uploaded(service, client, f"{pages}.pdf", bench_inputs.scanned_pdf(pages))["job"])
        return time.monotonic() - begin, processor_seconds(service.process.pid) - before

    run(2)
    short_wall, short_cpu = run(1)
    long_wall, long_cpu = run(61)
    say("blank", "a further blank page of a scanned PDF, archive copy included", cpu_ms=(long_cpu - short_cpu) / 60 * 1000,
        wall_ms=(long_wall - short_wall) / 60 * 1000)
    say("blank", "a document of one blank page", cpu_ms=short_cpu * 1000, wall_ms=short_wall * 1000)


# --- against others ---------------------------------------------------------------------------------------------------

def run_other(arguments, threads="1", **settings):
    """Wall and processor seconds of a program. threads: what Tesseract may take a page; None leaves that to the program."""
    environment = {key: value for key, value in os.environ.items() if key != "OMP_THREAD_LIMIT"}
    if threads:
        environment["OMP_THREAD_LIMIT"] = threads
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    done = subprocess.run([str(argument) for argument in arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          env=environment, **settings)
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done


def ingest(service, *paths):
    """Wall seconds, and processor seconds of service and command."""
    before = processor_seconds(service.process.pid)
    wall, command_cpu, done = run_other([support.PROGRAM, "--data", service.data, "ingest", "--wait", *paths])
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return wall, processor_seconds(service.process.pid) - before + command_cpu


def bench_bulk(service, client, options, directory):
    count = min(options.documents, 20_000)
    folder = pathlib.Path(options.inputs) if options.inputs else directory / "texts"
    if options.inputs:
        count = sum(len(files) for _, _, files in os.walk(folder))
    else:
        bench_inputs.write_texts(folder, 1, count)
    wall, cpu = ingest(service, folder)
    other_wall, other_cpu, _ = run_other(["omindex", "--db", directory / "omega", "--url", "/", folder])
    say("bulk", "whole pipeline", documents=count, documents_per_second=count / wall, cpu_ms_a_document=cpu * 1000 / count)
    say("bulk", "omindex", documents=count, documents_per_second=count / other_wall,
        cpu_ms_a_document=other_cpu * 1000 / count)
    say("bulk", "ratio", by_wall=other_wall / wall, by_cpu=other_cpu / cpu)


def inputs_of(options, *endings):
    return sorted(path for path in pathlib.Path(options.inputs).iterdir() if path.suffix.lower() in endings)


def bench_page(service, client, options, directory):
    """The recogniser alone is the tesseract command less its time for a tiny page, which is for loading models."""
    tiny = directory / "tiny.pgm"
    tiny.write_bytes(b"P5 64 64 255\n" + b"\xff" * 4096)
    loading = min(run_other(["tesseract", tiny, "-"])[1] for _ in range(3))
    wait_for_job(client, uploaded(service, client, "warm.pdf", bench_inputs.scanned_pdf(1))["job"])
    added, walls = [], []
    for path in inputs_of(options, ".png", ".jpg", ".jpeg", ".tif", ".tiff"):
        bare = run_other(["tesseract", path, "-"])[1] - loading
        before = processor_seconds(service.process.pid)
        begin = time.monotonic()
        wait_for_job(client, uploaded(service, client, path.name, path.read_bytes())["job"])
        walls.append(time.monotonic() - begin)
        cpu = processor_seconds(service.process.pid) - before
        added.append(cpu - bare)
        say("page", path.name, cpu_seconds=cpu, bare_cpu_seconds=bare, wall_seconds=walls[-1])
    say("page", "added beyond tesseract --psm 3, processor time", files=len(added), median_seconds=statistics.median(added),
        worst_seconds=max(added))


def bench_pdf(service, client, options, directory):
    files = inputs_of(options, ".pdf")
    treatments = {"ocrmypdf, plain": ["--jobs", "2"], "ocrmypdf --skip-text": ["--jobs", "2", "--skip-text"],
                  "ocrmypdf, the full treatment": ["--jobs", "2", "--skip-text", "--deskew", "--rotate-pages", "--clean",
                                                   "--output-type", "pdfa"]}
    wall, cpu = ingest(service, *files)
    pages = client.ask("GET", "/api/v1/admin/status")["pages"]
    say("pdf", "muniment", files=len(files), pages=pages, seconds=wall, cpu_seconds=cpu,
        documents_per_minute=len(files) / wall * 60, pages_per_second=pages / wall)
    for name, arguments in treatments.items():
        if options.only and options.only not in name:
            continue
        other_wall = other_cpu = 0
        for path in files:
            # It sets its own threads where nobody else has.
            one_wall, one_cpu, _ = run_other(["ocrmypdf", *arguments, "-l", "eng", path, directory / "out.pdf"], threads=None)
            other_wall, other_cpu = other_wall + one_wall, other_cpu + one_cpu
        say("pdf", name, files=len(files), seconds=other_wall, cpu_seconds=other_cpu,
            documents_per_minute=len(files) / other_wall * 60, ratio_by_wall=other_wall / wall,
            ratio_by_cpu=other_cpu / cpu)


def bare_recognition(program, languages, paths):
    """Wall seconds, processor seconds and pages of one process a core, each file's pages in one of them."""
    cores = len(os.sched_getaffinity(0))
    begin = time.monotonic()
    running = [subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                env={**os.environ, "OMP_THREAD_LIMIT": "1"}) for _ in range(cores)]
    answers = [None] * cores

    def drive(core):
        lines = "".join(f"{languages[path]}\t{path}\n" for path in paths[core::cores])
        answers[core] = json.loads(running[core].communicate(lines)[0])

    drivers = [threading.Thread(target=drive, args=(core,)) for core in range(cores)]
    for driver in drivers:
        driver.start()
    for driver in drivers:
        driver.join()
    wall = time.monotonic() - begin
    return wall, sum(answer["cpu_seconds"] for answer in answers), sum(answer["pages"] for answer in answers)


def bench_recognition(options):
    """Ours and bare in turn, --rounds times, each time a service with an empty archive, its reader warm."""
    program = pathlib.Path(support.PROGRAM).parent / "bare_recognition"
    paths = sorted(path for path in pathlib.Path(options.inputs).rglob("*")
                   if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".tiff"))
    together = options.languages.replace(",", "+")
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="muniment-bench-") as directory:
            with support.Service(data=directory, log_level="info", reading_languages=options.languages) as service:
                client = local_client(service)
                wait_for_job(client, uploaded(service, client, "warm.pdf", bench_inputs.scanned_pdf(1))["job"])
                wall, cpu = ingest(service, *paths)
                documents = [client.ask("GET", f"/api/v1/documents/{number}") for number in range(2, len(paths) + 2)]
                service.stop()
        found = {one["filename"]: one["language"] for one in documents}
        pages = sum(one["page_count"] for one in documents)
        say("recognition", "muniment, whole pipeline", files=len(paths), pages=pages, seconds=wall, cpu_seconds=cpu,
            pages_per_second=pages / wall)
        first = options.languages.split(",")[0]
        for what, languages in [("the right language", {path: found.get(path.name) or first for path in paths}),
                                (together, {path: together for path in paths})]:
            bare_wall, bare_cpu, bare_pages = bare_recognition(program, languages, paths)
            say("recognition", "libtesseract alone, " + what, pages=bare_pages, seconds=bare_wall, cpu_seconds=bare_cpu,
                pages_per_second=bare_pages / bare_wall, ratio_by_wall=bare_wall / wall, ratio_by_cpu=bare_cpu / cpu)


FIGURES = {"search": bench_search, "recognition": bench_recognition, **{name: with_service(measure) for name, measure in {
    "fresh": bench_fresh, "connections": bench_connections, "memory": bench_memory, "huge": bench_huge,
    "blank": bench_blank, "bulk": bench_bulk, "page": bench_page, "pdf": bench_pdf}.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="+", choices=sorted(FIGURES))
    parser.add_argument("--program", help="the built muniment")
    parser.add_argument("--keep", help="directory of the archive for search, kept for the next run")
    parser.add_argument("--inputs", help="folder of input files")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--only", help="of the treatments of ocrmypdf those with this in their name")
    parser.add_argument("--languages", default="eng,swe", help="that the archive's documents are in")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--queries", type=int, default=800)
    options = parser.parse_args()
    if options.program:
        support.PROGRAM = options.program
    for figure in options.figures:
        FIGURES[figure](options)


if __name__ == "__main__":
    main()

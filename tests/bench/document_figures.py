"""What a document, many connections and idleness cost."""

import http.client
import random
import threading
import time

import bench_inputs
from measured_service import at, Client, family, memory, processor_seconds, say, uploaded, wait_for_job


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

"""What the same takes with others: the recogniser alone, omindex, ocrmypdf."""

import json
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import threading
import time

import bench_inputs
import service as support
from measured_service import local_client, processor_seconds, say, uploaded, wait_for_job


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

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
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import comparison_figures as against  # noqa: E402
import document_figures as one  # noqa: E402
import service as support  # noqa: E402
from measured_service import with_service  # noqa: E402
from search_figures import bench_search  # noqa: E402

FIGURES = {"search": bench_search, "recognition": against.bench_recognition, **{name: with_service(measure) for name, measure in {
    "fresh": one.bench_fresh, "connections": one.bench_connections, "memory": one.bench_memory, "huge": one.bench_huge,
    "blank": one.bench_blank, "bulk": against.bench_bulk, "page": against.bench_page, "pdf": against.bench_pdf}.items()}}


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

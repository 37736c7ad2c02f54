#!/usr/bin/env python3
"""run_suites.py FOLDER FILTER NAME...: runs the GoogleTest programs NAME of FOLDER, two at a time. The last line that it
prints is "PASSED FAILED" of their cases; what failed is told on stderr.

A program runs its cases in two processes, half of them each: under a sanitizer, starting a process for every case takes
longer than the cases.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HALVES = 2
AT_ONCE = 2
PATIENCE = 1500  # seconds, for half of a program's cases
LINES_OF_AN_END = 60


def count(text):
    """(passed, [what to say of each failed case]) of GoogleTest's XML file."""
    passed, failed = 0, []
    for case in xml.etree.ElementTree.fromstring(text).iter("testcase"):
        if case.get("status") == "run" and case.get("result") == "completed" and case.find("failure") is None:
            passed += 1
        else:
            said = "\n".join(failure.get("message", "") for failure in case.iter("failure"))
            name = f"{case.get('classname')}.{case.get('name')}"
            failed.append("\n    ".join([f"{name} ({case.get('result')})", *said.splitlines()]))
    return passed, failed


def run_half(program, half, filter_, report):
    """(passed, [what to say of each failed case]). What ends before its report, or badly after a good one, fails as a whole."""
    environment = os.environ | {"GTEST_TOTAL_SHARDS": str(HALVES), "GTEST_SHARD_INDEX": str(half)}
    command = ["timeout", "--kill-after=10", str(PATIENCE), str(program), f"--gtest_filter={filter_}", f"--gtest_output=xml:{report}"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    try:
        passed, failed = count(report.read_text(encoding="utf-8", errors="replace"))
        ended_well = done.returncode == 0
    except (FileNotFoundError, xml.etree.ElementTree.ParseError):  # none, or cut off; whatever ended it may have said 0
        passed, failed, ended_well = 0, [], False
    print(f"{program.name}, half {half + 1}: {passed} passed, ended with {done.returncode}", flush=True)
    if not ended_well and not failed:
        end = done.stdout.decode(errors="replace").splitlines()[-LINES_OF_AN_END:]
        failed = ["\n    ".join([f"half {half + 1} ended with {done.returncode}", *end])]
    return passed, failed


def main():
    folder, filter_, names = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    halves = [(name, half) for name in names for half in range(HALVES)]
    with tempfile.TemporaryDirectory() as reports, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda job: run_half(folder / job[0], job[1], filter_,
                                                     pathlib.Path(reports, f"{job[0]}_{job[1]}.xml")), halves))
    for (name, _), (_, failed) in zip(halves, results):
        for what in failed:
            print(f"  {name}/{what}", file=sys.stderr)
    print(sum(passed for passed, _ in results), sum(len(failed) for _, failed in results))
    return 0


if __name__ == "__main__":
    sys.exit(main())

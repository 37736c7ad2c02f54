#!/usr/bin/env python3
"""count_results.py FILE NAME: prints "PASSED FAILED" of CTest's JUnit file, and every failed test on stderr with the end of
what it said, so that the last lines of a long run tell why it failed.

A test that was skipped, disabled or could not be started proves nothing and counts as failed.
"""

import sys
import xml.etree.ElementTree


LINES_OF_A_FAILURE = 40


def count(text):
    """(passed, [what to say of each failed test])"""
    failed, passed = [], 0
    for case in xml.etree.ElementTree.fromstring(text).iter("testcase"):
        if case.get("status") == "run":
            passed += 1
        else:
            said = (case.findtext("system-out") or "").rstrip().splitlines()[-LINES_OF_A_FAILURE:]
            failed.append("\n    ".join([f"{case.get('name')} ({case.get('status')})", *said]))
    return passed, failed


def main():
    with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
        passed, failed = count(file.read())
    for name in failed:
        print(f"  {sys.argv[2]}: {name}", file=sys.stderr)
    print(passed, len(failed))
    return 0


if __name__ == "__main__":
    sys.exit(main())

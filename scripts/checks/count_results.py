#!/usr/bin/env python3
"""count_results.py FILE NAME: prints "PASSED FAILED" of CTest's JUnit file, and every failed test on stderr.

A test that was skipped, disabled or could not be started proves nothing and counts as failed.
"""

import sys
import xml.etree.ElementTree


def count(text):
    """(passed, [failed names])"""
    failed, passed = [], 0
    for case in xml.etree.ElementTree.fromstring(text).iter("testcase"):
        if case.get("status") == "run":
            passed += 1
        else:
            failed.append(f"{case.get('name')} ({case.get('status')})")
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

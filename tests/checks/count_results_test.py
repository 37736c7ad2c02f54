"""What counts as passed in scripts/test."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts" / "checks"))
import count_results  # noqa: E402


class CountResults(unittest.TestCase):
    def test_only_what_ran_and_passed_counts(self):
        passed, failed = count_results.count(
            '<testsuite><testcase name="a" status="run"/><testcase name="b" status="fail"><failure/></testcase>'
            '<testcase name="c" status="notrun"><skipped/></testcase><testcase name="d" status="disabled"/></testsuite>')
        self.assertEqual(1, passed)
        self.assertEqual(["b (fail)", "c (notrun)", "d (disabled)"], failed)


if __name__ == "__main__":
    unittest.main()

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

    def test_the_end_of_what_a_failed_test_said_is_kept(self):
        said = "\n".join(f"line {n}" for n in range(100))
        _, failed = count_results.count('<testsuite><testcase name="a" status="run"><system-out>fine</system-out></testcase>'
                                        f'<testcase name="b" status="fail"><system-out>{said}</system-out></testcase></testsuite>')
        self.assertEqual(1, len(failed))
        self.assertTrue(failed[0].startswith("b (fail)\n    line 60\n"), failed[0])
        self.assertTrue(failed[0].endswith("\n    line 99"))


if __name__ == "__main__":
    unittest.main()

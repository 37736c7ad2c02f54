"""What counts as passed of the test programs that scripts/test runs as a whole."""

import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(__file__).parents[2] / "scripts" / "checks" / "run_suites.py"

# As a GoogleTest program behaves: the file that $1 = --gtest_filter=... and $2 = --gtest_output=xml:FILE ask for.
REPORT = """#!/bin/sh
cat >"${{2#--gtest_output=xml:}}" <<END
<testsuites><testsuite>{cases}</testsuite></testsuites>
END
echo the end of what it said
exit {code}
"""
GOOD = '<testcase name="Good" status="run" result="completed" classname="Suite"/>'
BAD = '<testcase name="Bad" status="run" result="completed" classname="Suite"><failure message="1 is not 2"/></testcase>'
SKIPPED = '<testcase name="Left" status="run" result="skipped" classname="Suite"/>'


class RunSuites(unittest.TestCase):
    def run_program(self, script):
        """(the last line that it printed, what it said of failures); both halves do the same here."""
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "some_tests")
            program.write_text(script)
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            done = subprocess.run([sys.executable, PROGRAM, folder, "*", "some_tests"], capture_output=True, text=True, check=True)
            return done.stdout.splitlines()[-1], done.stderr

    def test_only_what_ran_and_passed_counts(self):
        printed, said = self.run_program(REPORT.format(cases=GOOD + BAD + SKIPPED, code=1))
        self.assertEqual("2 4", printed)
        self.assertIn("some_tests/Suite.Bad (completed)\n    1 is not 2", said)
        self.assertIn("some_tests/Suite.Left (skipped)", said)

    def test_one_that_ends_badly_after_a_good_report_failed(self):
        printed, said = self.run_program(REPORT.format(cases=GOOD, code=23))
        self.assertEqual("2 2", printed)
        self.assertIn("ended with 23\n    the end of what it said", said)

    def test_one_that_ends_before_its_report_failed(self):
        printed, said = self.run_program("#!/bin/sh\necho killed\nkill -9 $$\n")
        self.assertEqual("0 2", printed)
        self.assertIn("killed", said)

    def test_one_that_ends_well_without_a_whole_report_failed(self):
        printed, said = self.run_program("#!/bin/sh\necho left early\n")
        self.assertEqual("0 2", printed)
        self.assertIn("ended with 0\n    left early", said)
        self.assertEqual("0 2", self.run_program(REPORT.format(cases="<testcase", code=0))[0])

    def test_one_that_is_not_there_failed(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, PROGRAM, folder, "*", "missing_tests"], capture_output=True, text=True, check=True)
        self.assertEqual("0 2", done.stdout.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()

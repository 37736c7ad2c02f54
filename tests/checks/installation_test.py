"""The unit of systemd that docs/operations.md gives leaves readers the sandbox that they make themselves."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
SANDBOX = (ROOT / "ingest" / "worker" / "sandbox.cpp").read_text()
UNIT = dict(re.findall(r"^    (\w+)=(.*)$", (ROOT / "docs" / "operations.md").read_text(), re.M))
NAMES = {"CLONE_NEWUSER": "user", "CLONE_NEWNET": "net", "CLONE_NEWIPC": "ipc", "CLONE_NEWUTS": "uts", "CLONE_NEWNS": "mnt", "CLONE_NEWPID": "pid"}
CALLS = {"mount": "@mount", "umount2": "@mount", "unshare": "unshare"}
NUMBERED = {"pivot_root": "@mount", **{name: name for name in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")}}


class Unit(unittest.TestCase):
    def test_allows_the_namespaces_of_the_sandbox(self):
        used = {NAMES[flag] for flag in re.findall(r"CLONE_NEW\w+", SANDBOX)}
        self.assertGreater(len(used), 3)
        self.assertEqual(set(), used - set(UNIT["RestrictNamespaces"].split()))

    def test_allows_the_calls_of_the_sandbox(self):
        used = {CALLS[call] for call in re.findall(r"::(\w+)\(", SANDBOX) if call in CALLS}
        used |= {NUMBERED[call] for call in re.findall(r"SYS_(\w+)", SANDBOX) if call in NUMBERED}
        self.assertIn("@mount", used)
        self.assertEqual(set(), used - set(UNIT["SystemCallFilter"].split()))


if __name__ == "__main__":
    unittest.main()

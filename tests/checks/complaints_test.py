"""Every test that docs/complaints.md and docs/page.md name exists, and every complaint has a test or says why there is none."""

import collections
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
FOLDERS = (ROOT / "tests", ROOT / "webui" / "app" / "tests")
CLAIM = re.compile(r"`([\w/]+\.\w[\w.]*)`: ((?:`[^`|]+`(?:, )?)+)")


def rows(text):
    """The cells of each complaint: what, numbers, answer, tests."""
    cells = [[cell.strip() for cell in line.strip("| \n").split(" | ")] for line in text.splitlines() if line.startswith("| ")]
    return [row for row in cells if row[0] not in ("complaint", "---")]


def claims(cell):
    return [(file, name) for file, names in CLAIM.findall(cell) for name in re.findall(r"`([^`]+)`", names)]


def is_test(source, name):
    """Whether `source` has a test called `name`: GoogleTest, unittest, node's, or a step or look of the browser tests."""
    word = re.escape(name)
    return re.search(rf"^TEST\w*\(\w+, {word}\)|\bdef {word}\(|(?:async|test\(|name:) [\"`]?{word}[\"`]|test\(\"{word}\"", source, re.M) is not None


class Complaints(unittest.TestCase):
    def setUp(self):
        self.rows = rows((ROOT / "docs" / "complaints.md").read_text())

    def assert_tests(self, named):
        for file, name in named:
            found = [folder / file for folder in FOLDERS if (folder / file).is_file()]
            self.assertTrue(found, f"there is no {file}")
            self.assertTrue(is_test(found[0].read_text(), name), f"{file} has no test {name}")

    def test_the_named_tests_exist(self):
        named = [claim for row in self.rows for claim in claims(row[-1])]
        self.assertGreater(len(named), 50)
        self.assert_tests(named)

    def test_each_flow_has_its_tests_and_a_picture(self):
        flows = [row for row in rows((ROOT / "docs" / "page.md").read_text()) if row[0] != "flow"]
        self.assertGreater(len(flows), 7)
        for flow, tests, picture in flows:
            self.assertTrue(claims(tests), flow)
            self.assert_tests(claims(tests))
            self.assertTrue((ROOT / "docs" / picture.strip("`")).is_file(), f"there is no {picture}")
        for picture, shown in collections.Counter(picture for _, _, picture in flows).items():
            self.assertLessEqual(shown, 2, f"{picture} cannot show {shown} flows")

    def test_every_picture_is_shown(self):
        text = (ROOT / "docs" / "page.md").read_text()
        for picture in (ROOT / "docs" / "images").glob("*.png"):
            self.assertIn(f"](images/{picture.name})", text)

    def test_each_complaint_has_a_test_or_says_not_yet(self):
        self.assertGreater(len(self.rows), 30)
        for what, numbers, answer, *tests in self.rows:
            self.assertRegex(numbers, r"\d", what)
            self.assertTrue(claims(" ".join(tests)) or "*Not yet*" in answer, what)

    def test_nothing_else_is_taken_for_a_test(self):
        self.assertTrue(is_test("TEST_F(Intake, Keeps)\n", "Keeps"))
        self.assertFalse(is_test("// Keeps\n", "Keeps"))
        self.assertFalse(is_test("TEST(Intake, KeepsMore)\n", "Keeps"))
        self.assertTrue(is_test('  async "it is found"({ page }) {', "it is found"))


if __name__ == "__main__":
    unittest.main()

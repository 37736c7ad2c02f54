"""Filing with little work through the built program: rules and suggestions, by the command line too."""

import json
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).parents[1] / "support")]
from service import Service  # noqa: E402


class Filing(unittest.TestCase):
    def setUp(self):
        self.service = Service().start()
        self.addCleanup(self.service.__exit__)
        self.ok = self.service.ok
        self.service.sign_in()

    def read(self, name, text):
        answer = self.service.upload(name, text.encode()).json
        self.service.wait_for_job(answer["job"])
        return answer["id"]

    def api(self, operation, *fields):
        """What `muniment api` answered with."""
        output = self.service.command("api", operation, *fields).stdout
        return json.loads(output) if output else None

    def test_a_rule_files_what_comes_in(self):
        invoice = self.api("create_document_type", "name=Invoice")["id"]
        vattenfall = self.api("create_correspondent", "name=Vattenfall AB")["id"]
        self.api("create_filing_rule", "field=type", f"value={invoice}", "kind=any", "text=faktura invoice",
                 "applied=true")
        rule = self.api("create_filing_rule", "field=correspondent", f"value={vattenfall}", "kind=fuzzy",
                        "text=Vattenfall Kundservice AB")
        number = self.read("a.txt", "FAKTURA\n\nVattenfal1 Kundservlce AB\nAtt betala: 1 200 kr\n")
        document = self.service.document(number)
        self.assertEqual(document["type"]["name"], "Invoice")
        self.assertIsNone(document["correspondent"])
        history = self.ok("GET", f"/documents/{number}/history")["items"]
        self.assertIn("document.filed_by_rule", [entry["action"] for entry in history])

        [suggestion] = self.api("suggestions", f"id={number}")["items"]
        self.assertEqual(suggestion["value"]["name"], "Vattenfall AB")
        self.assertEqual(suggestion["rule"], "Vattenfall Kundservice AB")
        self.api("accept_suggestions", f"id={number}", "items=" + json.dumps(
            [{"field": "correspondent", "value": suggestion["value"]["id"]}]))
        self.assertEqual(self.service.document(number)["correspondent"]["name"], "Vattenfall AB")
        self.assertEqual(self.api("suggestions", f"id={number}")["items"], [])
        self.api("delete_filing_rule", f"id={rule['id']}")
        self.assertEqual(self.api("filing_rules")["total"], 1)

    def test_a_pattern_that_is_none_is_refused(self):
        tag = self.api("create_tag", "name=urgent")["id"]
        refused = self.service.command("api", "create_filing_rule", "field=tag", f"value={tag}", "kind=pattern",
                                       "text=(", expect=1)
        self.assertIn("not a regular expression", refused.stderr)


if __name__ == "__main__":
    unittest.main()

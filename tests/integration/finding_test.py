"""What people may type and what they find by it, through the real program: docs/search.md, claim by claim."""

import json
import pathlib
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from service import Service, until  # noqa: E402

INVOICE = """Invoice from Northern Harbour Ltd

Date: 14 March 2024
Invoice number INV-2024/0042, organisation 556677-8899, phone +46 8 123 45 67.
Amount due 1 234,50 within thirty days; reference A.12.7/b.
The crane was rented for the unloading of timber.
"""
FAKTURA = """Faktura för räntor

Datum: 2023-11-02
Fakturan avser räntorna på lånen till Åkerbo förening.
Summan är 98 765 kr och ska betalas senast den sista i månaden.
En idé om ett kafé i hamnen är avskriven.
"""
MINUTES = """Minutes of the harbour board

Date: 2 April 2024
The board discussed cranes, timber and the renting of quays.
It was decided to buy nothing before the summer.
"""
LONG = "Report on lighthouses\n\n" + "\n".join(
    f"Line {line} about nothing in particular, so that the page fills up." for line in range(150)
) + "\nThe treasure lies under the lantern.\n"


class Finding(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = service = Service().start()
        service.sign_in()
        cls.ids = {}
        made = lambda path, **body: service.request("POST", path, body).json["id"]
        cls.type = made("/api/v1/types", name="Invoice")
        cls.tag = made("/api/v1/tags", name="harbour works")
        cls.correspondent = made("/api/v1/correspondents", name="Northern Harbour")
        parent = made("/api/v1/classes", code="3", title="Property")
        cls.class_ = made("/api/v1/classes", code="3.2", title="Quays", parent=parent)
        cls.folder = made("/api/v1/folders", **{"class": cls.class_, "title": "Timber quay"})
        for name, text, fields in [
                ("invoice.txt", INVOICE, {"type": cls.type, "tag": cls.tag, "correspondent": cls.correspondent}),
                ("faktura_räntor.txt", FAKTURA, {}), ("minutes.txt", MINUTES, {"folder": cls.folder}),
                ("lighthouses.txt", LONG, {})]:
            answer = service.upload(name, text.encode(), **fields).json
            service.wait_for_job(answer["job"])
            cls.ids[name.split(".")[0].split("_")[0]] = answer["id"]
        service.request("POST", f"/api/v1/documents/{cls.ids['minutes']}/notes", {"text": "Ask the gardener."})
        until(lambda: service.search("gardener")["total"] == 1, "the note to be found")

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def found(self, query):
        names = {number: name for name, number in self.ids.items()}
        return {names[item["id"]] for item in self.service.search(query)["items"]}

    def ask(self, **parameters):
        answer = self.service.request("GET", "/api/v1/documents?" + urllib.parse.urlencode(parameters))
        self.assertEqual(200, answer.status, answer.body)
        return answer.json

    def check(self, **queries):
        for query, expected in queries.items():
            with self.subTest(query=query):
                self.assertEqual(expected, self.found(query))

    def test_words_and_operators(self):
        both, invoice, minutes = {"invoice", "minutes"}, {"invoice"}, {"minutes"}
        self.check(**{"timber": both, "TIMBER": both, "crane": both, "cranes rented": both, '"thirty days"': invoice,
                      '"days thirty"': set(), '"cranes"': minutes, "timber crane": both, "timber AND summer": minutes,
                      "summer OR lantern": {"minutes", "lighthouses"}, "timber NOT summer": invoice,
                      "timber -summer": invoice, "(summer OR lantern) -timber": {"lighthouses"},
                      "-timber": {"faktura", "lighthouses"}, "light*": {"lighthouses"}, "timb*": both,
                      "gardener": minutes})

    def test_fields(self):
        invoice, minutes, faktura = {"invoice"}, {"minutes"}, {"faktura"}
        self.check(**{"title:board": minutes, "title:boards": minutes, 'title:"harbour board"': minutes, "title:timber": set(),
                      "type:invoice": invoice, "tag:harbour": invoice, 'tag:"harbour works"': invoice,
                      "correspondent:northern": invoice, "filename:minutes": minutes, "filename:faktura": faktura,
                      "language:swe": faktura, "language:svenska": faktura, "class:3.2": minutes, "class:3": minutes,
                      "class:4": set(), "folder:quay": minutes, f"folder:{self.folder}": minutes,
                      f"id:{self.ids['invoice']}": invoice, "has:notes": minutes, "has:type": invoice, "has:folder": minutes,
                      "has:tags": invoice, "-has:date": {"lighthouses"}, "is:ready timber": {"invoice", "minutes"},
                      "is:no-text": set(), "titel:board timber": set() | self.found("titel board timber")})

    def test_dates(self):
        every = set(self.ids)
        self.check(**{"created:2024": {"invoice", "minutes"}, "created:2024-03": {"invoice"},
                      "created:2024-03-14": {"invoice"}, "created:2024-03..2024-06": {"invoice", "minutes"},
                      "created:..2023": {"faktura"}, "created:2024-04..": {"minutes"}, "created:2025": set(),
                      "added:2000..": every, "added:..2000": set(), "timber created:2024-04": {"minutes"},
                      "-created:2024": {"faktura", "lighthouses"}})

    def test_codes_and_amounts_as_people_type_them(self):
        invoice = {"invoice"}
        self.check(**{query: invoice for query in [
            "INV-2024/0042", "inv-2024/0042", "INV-2024-0042", "INV 2024 0042", "inv20240042", "556677-8899", "5566778899",
            "+46 8 123 45 67", "1 234,50", "1234,50", "1234.50", "A.12.7/b", "a127b"]}
                   | {"98 765": {"faktura"}, "98765": {"faktura"}, "INV-2024/0043": set()})

    def test_letters_as_a_swede_expects(self):
        faktura = {"faktura"}
        self.check(**{"räntor": faktura, "ränta": faktura, "rantor": set(), "åkerbo": faktura, "akerbo": set(),
                      "idé": faktura, "ide": faktura, "kafe": faktura, "KAFÉ": faktura, "ÅKERBO": faktura,
                      "lan": set(), "lån": faktura})

    def test_a_slip_is_noticed(self):
        self.service.command("reindex")
        answer = self.service.search("timbre crane")
        self.assertEqual("timber crane", answer["did_you_mean"])
        self.assertEqual("räntor", self.service.search("räntpr")["did_you_mean"])

    def test_words_are_offered_while_one_types(self):
        offered = [item["text"] for item in self.service.request("GET", "/api/v1/suggest?q=harbour%20light").json["items"]]
        self.assertTrue(any(text.startswith("harbour lighthouse") for text in offered), offered)

    def test_facets_are_counted_and_narrow_the_search(self):
        facets = self.ask(q="timber OR faktura", facets="type,tag,correspondent,year,language,class")["facets"]
        labels = {name: {value["label"]: value["count"] for value in values} for name, values in facets.items()}
        self.assertEqual({"Invoice": 1}, labels["type"])
        self.assertEqual({"harbour works": 1}, labels["tag"])
        self.assertEqual({"Northern Harbour": 1}, labels["correspondent"])
        self.assertEqual({"2024": 2, "2023": 1}, labels["year"])
        self.assertEqual(1, labels["language"]["swe"])
        self.assertEqual({"3.2 Quays": 1}, labels["class"])
        narrowed = self.ask(q="timber OR faktura", facets="year", **{"f.year": "2023"})
        self.assertEqual([self.ids["faktura"]], [item["id"] for item in narrowed["items"]])
        self.assertEqual({"2024": 2, "2023": 1}, {value["label"]: value["count"] for value in narrowed["facets"]["year"]})
        excluded = self.ask(q="timber", **{"f.type": f"-{self.type}"})
        self.assertEqual([self.ids["minutes"]], [item["id"] for item in excluded["items"]])

    def test_order(self):
        def order(**parameters):
            return [item["id"] for item in self.ask(**parameters)["items"]]

        by_date = [self.ids["minutes"], self.ids["invoice"], self.ids["faktura"]]
        self.assertEqual(by_date, order(q="created:2000..", sort="-date"))
        self.assertEqual(by_date[::-1], order(q="created:2000..", sort="date"))
        self.assertEqual(sorted(self.ids.values()), order(sort="added"))
        self.assertEqual(self.ids["minutes"], order(q="board timber harbour")[0])

    def test_snippets_name_the_page(self):
        item = self.ask(q="treasure lantern")["items"][0]
        snippet = item["snippets"][0]
        self.assertGreater(snippet["page"], 1)
        self.assertEqual(["treasure", "lantern"], [part["text"] for part in snippet["parts"] if part["hit"]])
        words = self.service.request(
            "GET", f"/api/v1/documents/{item['id']}/pages/{snippet['page']}/words?q=treasure").json
        self.assertTrue(words["hits"])

    def test_more_like_this(self):
        items = self.service.request("GET", f"/api/v1/documents/{self.ids['invoice']}/similar").json["items"]
        self.assertEqual(self.ids["minutes"], items[0]["id"])


if __name__ == "__main__":
    unittest.main()

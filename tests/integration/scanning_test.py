"""From paper to documents through the built program: a network scanner that is simulated, SANE's own over saned, jams, the end
of the service in the middle, and a feeder of 500 pages."""

import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]
import mixed_stack  # noqa: E402
import page_pictures  # noqa: E402
import paper  # noqa: E402
from escl_simulator import EsclScanner  # noqa: E402
from service import Service, until  # noqa: E402

SCANNER = "airscan:e0:Harbour MFP"
LEASE = "The lease of the northern warehouse begins in March."
MINUTES = "The minutes of the harbour committee were approved."
OFFER = "An offer for the repair of the old roof."


def resident_kib(process):
    """0 for one that has ended."""
    try:
        lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def family(process):
    """The process and all that descend from it, with their programs' names."""
    parents, names = {}, {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name, rest = (entry / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            parents[int(entry.name)] = int(rest.split()[1])
            names[int(entry.name)] = pathlib.Path((entry / "cmdline").read_bytes().split(b"\0")[0].decode()).name or name
        except (OSError, IndexError):
            continue
    found = [process]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return {each: names[each] for each in found if each in names}


class Scanning(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def begin(self, scanner, **settings):
        configuration = scanner.configuration(pathlib.Path(self.folder.name) / "sane")
        self.service = Service(scanners_configuration=configuration, **settings).start()
        self.addCleanup(self.service.__exit__)
        self.ok = self.service.ok
        self.service.sign_in()
        scanner.at_start = self.pages_there
        scanner.before_end = lambda started: started is None or until(lambda: self.pages_there() != started, "a page is there")

    def pages_there(self):
        """Of the scan that was begun last; None when it does not run, or is the command line's, which only that sees."""
        scan = next(iter(self.service.ask("GET", "/scans").json["items"]), None)
        scan = scan and self.ok("GET", f"/scans/{scan['id']}")
        return [page["id"] for page in scan["pages"]] if scan and scan["state"] == "scanning" else None

    def scan(self, **plan):
        return self.ok("POST", "/scans", {"scanner": SCANNER, "resolution": 150, "source": "feeder", **plan})["id"]

    def jams_behind(self, scanner, pages):
        """sane-airscan reads ahead: without this its jam could overtake pages that it has and nobody has asked for yet."""
        def arrived():
            scans = self.ok("GET", "/scans")["items"]
            return scans and len(self.ok("GET", f"/scans/{scans[0]['id']}")["pages"]) >= pages
        scanner.jam_after = pages
        scanner.before_jam = lambda: until(arrived, f"{pages} pages are there")

    def rested(self, scan):
        def look():
            now = self.ok("GET", f"/scans/{scan}")
            return now if now["state"] != "scanning" else None
        return until(look, "the scanner is through")

    def read(self, number):
        def ready():
            document = self.service.document(number)
            return document if document["state"] == "ready" and document["job"] is None else None
        return until(ready, f"document {number} is read")

    def text(self, number):
        return " ".join(self.ok("GET", f"/documents/{number}/text").decode().split())

    def test_a_jam_loses_nothing_and_blank_pages_part(self):
        pages = page_pictures.pictures([paper.words(LEASE), paper.words("Its second page."), "", paper.words(MINUTES)])
        with EsclScanner(pages) as scanner:
            self.begin(scanner)
            self.jams_behind(scanner, 2)
            scan = self.scan(parting="blank")
            paused = self.rested(scan)
            self.assertEqual(("paused", "jammed", 2), (paused["state"], paused["problem"], len(paused["pages"])))
            self.assertEqual("paused", self.ok("GET", f"/scans/{scan}")["state"])
            scanner.clear_jam()
            self.ok("POST", f"/scans/{scan}/continue")
            ready = self.rested(scan)
            self.assertEqual([1, 1, None, 2], [page["document"] for page in ready["pages"]])
            self.assertEqual([False, False, True, False], [page["blank"] for page in ready["pages"]])
            first, second = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.assertEqual([2, 1], [self.read(number)["page_count"] for number in (first, second)])
            self.assertIn(LEASE, self.text(first))
            self.assertIn(MINUTES, self.text(second))
            done = self.ok("GET", f"/scans/{scan}")
            self.assertEqual(("filed", [], [first, second]), (done["state"], done["pages"], done["documents"]))
            self.assertEqual([], list((self.service.data / "scans").iterdir()), "no picture is left behind")

    def test_what_is_put_right_by_hand_is_filed_so(self):
        upright, separator, blank = page_pictures.pictures([paper.words(LEASE), paper.bars("PATCHT"), ""])
        fallen = page_pictures.pictures([paper.words(MINUTES)])[0]
        with EsclScanner([upright, blank, separator, fallen], glass=page_pictures.pictures([paper.words(OFFER)])[0]) as scanner:
            self.begin(scanner)
            scan = self.scan(drop_blank=True)
            pages = [page["id"] for page in self.rested(scan)["pages"]]
            order = [pages[0], pages[2], pages[3], pages[1]]
            self.ok("POST", f"/scans/{scan}/order", {"pages": order})
            answer = self.service.ask("POST", f"/scans/{scan}/order", {"pages": pages[:2]})
            self.assertEqual(422, answer.status, "an order that leaves pages out")
            seen = self.ok("GET", f"/scans/{scan}")["pages"]
            self.assertEqual([(1, None), (None, "separator"), (2, None), (None, "blank")],
                             [(page["document"], page["left_out"]) for page in seen], "sheets are known before anything is read")
            parts = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.assertEqual([1, 1], [self.read(part)["page_count"] for part in parts])
            self.assertIn(LEASE, self.text(parts[0]))
            self.assertIn(MINUTES, self.text(parts[1]))

            scan = self.scan(source="flatbed", mode="black_white")
            page = self.rested(scan)["pages"][0]
            self.assertEqual(b"\x89PNG", self.ok("GET", f"/scans/{scan}/pages/{page['id']}/image?size=full")[:4])
            number, = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.read(number)
            self.assertIn(OFFER, self.text(number))

    def test_the_programs_own_separator_sheet_is_known_while_the_scanner_runs(self):
        first, second = page_pictures.pictures([paper.words(LEASE), paper.words(MINUTES)])
        stack = [first, None, second]
        with EsclScanner(stack) as scanner:
            self.begin(scanner)
            scanner.stack[1], = page_pictures.drawn(self.ok("GET", "/separator-sheets.pdf?count=1"))
            scan = self.scan()
            self.assertEqual([(1, None), (None, "separator"), (2, None)],
                             [(page["document"], page["left_out"]) for page in self.rested(scan)["pages"]])
            parts = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.assertEqual([1, 1], [self.read(part)["page_count"] for part in parts])

    def test_a_mixed_stack_is_filed_by_accepting_suggestions_from_the_command_line(self):
        def api(operation, *fields):
            output = self.service.command("api", operation, *fields).stdout
            return json.loads(output) if output else None

        with EsclScanner(page_pictures.pictures(mixed_stack.STACK)) as scanner:
            self.begin(scanner)
            wanted = {}
            for code, title, words in [("1", "Economy", "invoice"), ("2", "Premises", "landlord"), ("3", "Meetings", "committee")]:
                wanted[title] = api("create_class", "parent=", f"code={code}", f"title={title}")["id"]
                api("create_filing_rule", "field=class", f"value={wanted[title]}", "kind=any", f"text={words}")
            scan = api("start_scan", f"scanner={SCANNER}", "source=feeder", "resolution=150")["id"]
            until(lambda: api("scan", f"id={scan}")["state"] == "ready", "the scanner is through")
            filed = {}
            for number in api("file_scan", f"id={scan}")["documents"]:
                self.read(number)
                # The likeliest; what was filed before may have taught more of them.
                place = next(each for each in api("suggestions", f"id={number}")["items"] if each["field"] == "class")
                api("accept_suggestions", f"id={number}", "items=" + json.dumps([{"field": "class", "value": place["value"]["id"]}]))
                document = self.service.document(number)
                filed[document["class"]["id"]] = (document["title"], document["page_count"])
            self.assertEqual({wanted["Economy"]: ("Invoice 20458", 1), wanted["Premises"]: ("Lease of the northern warehouse", 2),
                              wanted["Meetings"]: ("Minutes of the harbour committee", 1)}, filed)

    def test_both_sides(self):
        names = ("one", "two", "three", "four")
        with EsclScanner(page_pictures.pictures([paper.words(f"This is page number {name} of four") for name in names])) as scanner:
            self.begin(scanner)
            self.assertIn("feeder_duplex", self.ok("GET", f"/scanners/capabilities?scanner={urllib.parse.quote(SCANNER)}")["sources"])
            scan = self.scan(source="feeder_duplex")
            done = self.rested(scan)
            self.assertEqual(("ready", "", 4), (done["state"], done["problem"], len(done["pages"])), scanner.requests)
            self.assertTrue(scanner.both_sides)
            number, = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.assertEqual(4, self.read(number)["page_count"])
            for page, name in enumerate(names, 1):
                words = self.ok("GET", f"/documents/{number}/pages/{page}/words?q={name}")
                self.assertTrue(words["hits"], f"page {page} is page number {name}")

    def test_a_stack_turned_by_hand(self):
        one, two, three, four = page_pictures.pictures([paper.words(f"This is page number {n} of four") for n in
                                                        ("one", "two", "three", "four")])
        with EsclScanner([one, three]) as scanner:
            self.begin(scanner)
            scan = self.scan(source="feeder_turned")
            fronts = self.rested(scan)
            self.assertEqual(("turn", ""), (fronts["state"], fronts["problem"]), scanner.requests)
            scanner.stack = [four, two]
            self.ok("POST", f"/scans/{scan}/continue")
            backs = self.rested(scan)
            self.assertEqual(("ready", ""), (backs["state"], backs["problem"]))
            number, = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.read(number)
            text = self.text(number)
            places = [text.index(f"page number {n}") for n in ("one", "two", "three", "four")]
            self.assertEqual(sorted(places), places)

    def test_a_jam_on_the_last_front_is_gone_on_from_without_paper(self):
        one, two, three, four = page_pictures.pictures([paper.words(f"This is page number {n} of four") for n in
                                                        ("one", "two", "three", "four")])
        with EsclScanner([one, three]) as scanner:
            self.begin(scanner)
            self.jams_behind(scanner, 2)
            scan = self.scan(source="feeder_turned")
            jammed = self.rested(scan)
            self.assertEqual(("paused", "jammed", 2), (jammed["state"], jammed["problem"], len(jammed["pages"])))
            scanner.clear_jam()
            self.ok("POST", f"/scans/{scan}/continue")
            self.assertEqual("turn", self.rested(scan)["state"])
            scanner.stack = [three]
            self.ok("POST", f"/scans/{scan}/pages/{jammed['pages'][1]['id']}/rescan")
            anew = self.rested(scan)
            self.assertEqual(("turn", "", 2), (anew["state"], anew["problem"], len(anew["pages"])))
            scanner.stack = [four, two]
            self.ok("POST", f"/scans/{scan}/continue")
            self.assertEqual("ready", self.rested(scan)["state"])
            number, = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.read(number)
            text = self.text(number)
            places = [text.index(f"page number {n}") for n in ("one", "two", "three", "four")]
            self.assertEqual(sorted(places), places)

    def test_pages_outlive_the_service(self):
        pages = page_pictures.pictures([paper.words(LEASE), paper.words(MINUTES), paper.words(OFFER)])
        with EsclScanner(pages) as scanner:
            self.begin(scanner)
            self.jams_behind(scanner, 2)
            scan = self.scan()
            paused = self.rested(scan)
            self.assertEqual(("paused", "jammed", 2), (paused["state"], paused["problem"], len(paused["pages"])))
            self.service.kill()
            # A page that was whole before the service took note of it: it had no time to.
            folder = self.service.data / "scans" / str(scan)
            for ending in (".jpg", ".small.jpg"):
                (folder / f"3{ending}").write_bytes((folder / f"1{ending}").read_bytes())
            (folder / "3.json").write_text((folder / "1.json").read_text().replace('"number":1', '"number":3'))
            (folder / "4.jpg").write_bytes(b"not whole")
            self.service.start()
            found = self.ok("GET", f"/scans/{scan}")
            self.assertEqual(3, len(found["pages"]))
            self.assertEqual(["1", "2", "3"], sorted(path.stem for path in folder.glob("*.json")))
            self.assertFalse((folder / "4.jpg").exists())
            scanner.clear_jam()
            self.ok("POST", f"/scans/{scan}/continue")
            self.assertEqual(4, len(self.rested(scan)["pages"]))
            number, = self.ok("POST", f"/scans/{scan}/file", {})["documents"]
            self.assertEqual(4, self.read(number)["page_count"])

    def test_only_its_owner_sees_a_scan_and_only_known_scanners_are_opened(self):
        with EsclScanner(page_pictures.pictures([paper.words(LEASE)])) as scanner:
            self.begin(scanner)
            scan = self.scan()
            rested = self.rested(scan)
            self.assertEqual(1, len(rested["pages"]), (rested, scanner.requests))
            page = rested["pages"][0]["id"]
            self.service.command("user", "add", "other", "--role", "admin", "--password-stdin", stdin="a long enough password\n")
            other = self.service.command("token", "create", "other").stdout.strip()
            for method, path in (("GET", ""), ("POST", "/continue"), ("POST", "/stop"), ("DELETE", ""), ("GET", f"/pages/{page}/image"),
                                 ("DELETE", f"/pages/{page}"), ("POST", f"/pages/{page}/rescan")):
                self.assertEqual(404, self.service.ask(method, f"/scans/{scan}{path}", token=other).status, (method, path))
            self.assertEqual([], self.service.ask("GET", "/scans", token=other).json["items"])
            strange = f"airscan:escl:strange:{scanner.url}"
            self.assertEqual(404, self.service.ask("GET", f"/scanners/capabilities?scanner={strange}").status)
            begun = self.ok("POST", "/scans", {"scanner": strange})["id"]
            self.assertEqual("not_found", self.rested(begun)["problem"])
            listed = self.service.command("api", "scanners").stdout
            self.assertIn("Harbour MFP", listed)

    def name_scanner(self, **scanner):
        named = self.ok("POST", "/network-scanners", scanner)
        found = until(lambda: self.ok("GET", "/scanners")["items"], "the scanner is found")
        self.assertEqual(1, len(found), found)
        return named, found[0]

    def test_a_scanner_that_is_not_found_by_itself_is_named_by_its_address(self):
        class Undiscovered(EsclScanner):
            def configuration(self, folder):
                folder = super().configuration(folder)
                (folder / "airscan.conf").write_text("[options]\ndiscovery = disable\nws-discovery = off\nmodel = hardware\n")
                return folder

        with Undiscovered(page_pictures.pictures([paper.words(LEASE)])) as scanner:
            self.begin(scanner)
            self.assertEqual([], self.ok("GET", "/scanners")["items"])
            named, found = self.name_scanner(protocol="escl", name="Hall", address=scanner.url)
            scan = self.ok("POST", "/scans", {"scanner": found["name"], "resolution": 150, "source": "feeder"})["id"]
            self.assertEqual(("ready", 1), ((now := self.rested(scan))["state"], len(now["pages"])), now["problem"])
            self.assertIn(found["name"], [one["name"] for one in self.ok("GET", "/admin/sources")["items"]])
            self.assertEqual(204, self.service.ask("DELETE", f"/network-scanners/{named['id']}").status)
            self.assertEqual([], self.ok("GET", "/scanners")["items"])

    def share_by_saned(self):
        remote = pathlib.Path(self.folder.name) / "remote"
        remote.mkdir()
        (remote / "dll.conf").write_text("test\n")
        (remote / "test.conf").write_text("number_of_devices 1\nmode Gray\ndepth 8\nresolution 75.0\nbr_x 210.0\nbr_y 297.0\n")
        (remote / "saned.conf").write_text("127.0.0.1\n[::1]\n")
        daemon = subprocess.Popen([shutil.which("saned", path=os.environ["PATH"] + ":/usr/sbin"), "-l", "-b", "127.0.0.1", "-p", "6566", "-e"], stderr=subprocess.DEVNULL,
                                  env={**os.environ, "SANE_CONFIG_DIR": str(remote)})
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)

    def begin_with_net(self, hosts):
        class Saned:
            @staticmethod
            def configuration(local):
                local.mkdir()
                (local / "dll.conf").write_text("net\n")
                (local / "net.conf").write_text(f"connect_timeout = 5\n{hosts}")
                return local
        self.begin(Saned)

    def test_a_machine_that_shares_its_scanners_is_named_by_its_address(self):
        self.share_by_saned()
        self.begin_with_net("")
        self.name_scanner(protocol="saned", name="Office", address="127.0.0.1")

    def test_over_the_network_with_saned(self):
        self.share_by_saned()
        self.begin_with_net("localhost\n")
        scanners = until(lambda: self.ok("GET", "/scanners?anew=yes")["items"], "saned answers")
        scan = self.ok("POST", "/scans", {"scanner": scanners[0]["name"], "source": "feeder", "resolution": 75})["id"]
        self.assertEqual(10, len(self.rested(scan)["pages"]))

    def test_five_hundred_pages_stream_into_reading(self):
        letter = page_pictures.pictures([paper.words(LEASE)], 75)[0]
        a_document_is_read = threading.Event()

        def unhurried():
            """Paper takes its time while nothing is read; never so long that the driver gives up."""
            a_document_is_read.wait(1)
            return letter

        with EsclScanner([letter] * 100 + [unhurried] * 400) as scanner:
            self.begin(scanner)
            self.ok("GET", "/scanners")
            service = self.service.process.pid
            before = resident_kib(service)
            scan = self.scan(parting="count", pages_per_document=25, file_at_once=True, resolution=75)
            most = collections.Counter()
            while (now := self.ok("GET", f"/scans/{scan}"))["state"] == "scanning":
                self.assertLess(len(now["pages"]), 60, "filed pages leave the scan")
                for process, name in family(service).items():
                    most[name] = max(most[name], resident_kib(process))
                if not a_document_is_read.is_set() and any(self.service.document(n)["state"] == "ready" for n in now["documents"]):
                    a_document_is_read.set()
            self.assertTrue(a_document_is_read.is_set(), "documents are read while the scanner runs")
            most_of_all = most.pop("muniment")
            self.assertEqual(("filed", "", 20), (now["state"], now["problem"], len(now["documents"])))
            self.assertEqual({25}, {self.ok("GET", f"/documents/{n}/original").count(b"/Type/Page/") for n in now["documents"]})
            print(f"500 pages: the service grew by at most {(most_of_all - before) / 1024:.0f} MiB to {most_of_all / 1024:.0f} MiB; "
                  + ", ".join(f"{name} had {kib / 1024:.0f} MiB" for name, kib in sorted(most.items())), file=sys.stderr)
            self.assertLess(most_of_all - before, 200 * 1024)
            self.assertLess(most["muniment-scan"], 200 * 1024)
            self.assertLess(most["muniment-extract"], 1024 * 1024, "one of its processes")


if __name__ == "__main__":
    unittest.main()

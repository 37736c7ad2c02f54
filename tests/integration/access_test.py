"""Every door on a real port, of somebody whose right has ended and of somebody whose clearance is too low (docs/access.md)."""

import base64
import datetime
import http.client
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from service import PATIENCE, Service, until  # noqa: E402

PASSWORD = "a long enough password"


def secret_about(word):
    return f"Minutes of the inquiry\n\nThe {word} was examined in Quayside.\n"


class Stream:
    """The event stream of one person, from its opening on."""

    def __init__(self, service, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
        self.connection.request("GET", "/api/v1/events", headers={"Authorization": "Bearer " + token})
        self.lines = self.connection.getresponse()

    def documents_until(self, wanted):
        """The numbers of the documents that are told of, up to that one."""
        told = []
        event = ""
        while wanted not in told:
            line = self.lines.readline().decode()
            if not line:
                raise AssertionError(f"the stream ended before it told of {wanted}: {told}")
            if line.startswith("event: "):
                event = line[7:].strip()
            elif line.startswith("data: ") and event == "document":
                told.append(json.loads(line[6:])["id"])
        return told

    def close(self):
        self.connection.close()


class Doors(unittest.TestCase):
    """An archive with an administrator, and Vera, who has most doors."""

    @classmethod
    def setUpClass(cls):
        cls.service = Service(demonstration="yes")
        cls.service.start()
        cls.addClassCleanup(cls.service.__exit__)
        cls.service.sign_in()
        cls.service.command("user", "add", "vera", "--role", "records-manager", "--password-stdin", stdin=PASSWORD + "\n")
        cls.vera = cls.service.command("token", "create", "vera").stdout.strip()
        accounts = {a["name"]: a["id"] for a in cls.service.ok("GET", "/accounts")["items"]}
        cls.vera_id, cls.tester_id = accounts["vera"], accounts["tester"]

    def setUp(self):
        self.set_today(None)
        self.today = datetime.date.fromisoformat(self.ok("GET", "/retention/today")["today"])

    def ok(self, *arguments, **named):
        return self.service.ok(*arguments, **named)

    def set_today(self, day):
        self.ok("PUT", "/retention/today", {"today": day and day.isoformat()})

    def day(self, away):
        return (self.today + datetime.timedelta(days=away)).isoformat()

    def add(self, name, text):
        answer = self.service.upload(name, text.encode()).json
        self.service.wait_for_job(answer["job"])
        return answer["id"]

    def change(self, number, **fields):
        self.ok("PATCH", f"/documents/{number}", fields, version=self.service.document(number)["version"])

    def give(self, number, access_list):
        self.ok("PUT", f"/documents/{number}/access-list", {"access_list": access_list},
                version=self.service.document(number)["version"])

    def list_with(self, name, **entry):
        entries = [{"subject": "account", "id": self.tester_id, "may_change": True}, {"may_change": True, **entry}]
        return self.ok("POST", "/access-lists", {"name": name, "entries": entries})["id"]

    def dav(self, method, path, body=b"", name="vera", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE)
        try:
            key = base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
            connection.request(method, "/dav" + path, body, {"Authorization": "Basic " + key, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def own_doors(self, number):
        """Of the document itself: what each answers Vera."""
        one = f"/documents/{number}"
        reads = {path: self.service.ask("GET", one + path, token=self.vera).status
                 for path in ("", "/text", "/thumbnail", "/pages", "/pages/1/image?w=200", "/pages/1/words", "/hits?q=examined",
                              "/original", "/archive", "/history", "/notes", "/versions", "/similar", "/suggestions",
                              "/relations", "/retention", "/holds", "/share-links", "/fields")}
        changes = {"note": self.service.ask("POST", one + "/notes", {"text": "seen"}, token=self.vera).status,
                   "export": self.service.ask("POST", "/exports", {"documents": [number]}, token=self.vera).status}
        return {**reads, **changes}

    def found(self, word):
        """What Vera finds, counts and is told of the secret about that, wherever there is something to find."""
        get = lambda path: self.service.ok("GET", path, token=self.vera)
        search = get(f"/documents?q={word}&facets=type")
        return {
            "search": search["total"],
            "facets": [(int(value["value"]), value["count"]) for value in search["facets"].get("type", [])],
            "csv": get("/documents.csv").decode().count(f"Inquiry of the {word}"),
            "suggestions": len(get(f"/suggest?q={word[:4]}")["items"]),
            "spelling": get(f"/documents?q={word[:3]}{word[2:]}")["did_you_mean"],
            "types": [entry["documents"] for entry in get(f"/types/used?q={word}")["items"]],
            "listed": f"{word}.txt" in self.dav("PROPFIND", "/work/", Depth="1")[1],
            "file": self.dav("GET", f"/work/{word}.txt")[0],
        }

    # The names of types are everybody's; how many documents have one is not.
    NOTHING = {"search": 0, "facets": [], "csv": 0, "suggestions": 0, "spelling": None, "types": [0], "listed": False, "file": 404}

    def add_secret(self, word):
        """A document with a type of its own; the numbers of both."""
        kind = self.ok("POST", "/types", {"name": f"The {word} type"})["id"]
        self.assertEqual(201, self.dav("PUT", f"/work/{word}.txt", secret_about(word).encode())[0])
        secret = until(lambda: self.service.search(word)["items"], "the secret to be found")[0]["id"]
        until(lambda: self.service.document(secret)["state"] == "ready", "the secret to be read")
        self.change(secret, title=f"Inquiry of the {word}", type=kind)
        return secret, kind

    def all_of(self, word, kind):
        return {"search": 1, "facets": [(kind, 1)], "csv": 1, "suggestions": 1, "spelling": word, "types": [1], "listed": True, "file": 200}

    def counted(self):
        """How much there is, as Vera is told."""
        get = lambda path: self.service.ok("GET", path, token=self.vera)
        return {"documents": get("/documents?limit=1")["total"], "jobs": len(get("/jobs?limit=200")["items"]),
                "growth": get("/reports/growth")["documents"]}

    def shared(self, link):
        return self.service.request("GET", "/share/" + link.rsplit("/", 1)[1], token="none").status


class LimitedRights(Doors):
    def test_on_the_day_after_the_last_every_door_is_closed(self):
        self.add("plain.txt", "Nothing of note.")
        self.set_today(self.today + datetime.timedelta(days=3))
        without = self.counted()
        self.set_today(None)
        secret, kind = self.add_secret("walnut")
        group = self.ok("POST", "/groups", {"name": "Inquiry"})["id"]
        member = f"/groups/{group}/members/{self.vera_id}"
        self.ok("PUT", member, {"last_day": self.day(3)})
        limited = self.list_with("Inquiry", subject="group", id=group, first_day=self.day(-3), last_day=self.day(5))
        self.give(secret, limited)
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)
        link = self.ok("POST", f"/documents/{secret}/share-links", {"expires_at": ends.strftime("%Y-%m-%dT%H:%M:%SZ")},
                       token=self.vera)["path"]
        stream = Stream(self.service, self.vera)
        self.addCleanup(stream.close)

        self.set_today(self.today + datetime.timedelta(days=3))
        until(lambda: self.found("walnut") == self.all_of("walnut", kind), "the index to have it all")
        open_doors = self.own_doors(secret)
        self.assertEqual({}, {door: status for door, status in open_doors.items() if status >= 400}, "on the last day")
        self.assertEqual({name: count + 1 for name, count in without.items()}, self.counted())
        self.assertEqual(200, self.shared(link))
        self.change(secret, title="Inquiry of the walnut, second")
        stream.documents_until(secret)
        # What is told of it on this day has been told once another, added after it was indexed, is told of.
        until(lambda: self.service.search("walnut second")["total"] == 1, "the change to be indexed")
        self.add("first.txt", "A first one.")
        stream.documents_until(self.add("second.txt", "A second one."))

        self.set_today(self.today + datetime.timedelta(days=4))
        self.assertEqual({404}, set(self.own_doors(secret).values()), "on the day after")
        self.assertEqual(self.NOTHING, self.found("walnut"))
        self.assertEqual({name: count + 2 for name, count in without.items()}, self.counted(), "those two only")
        self.assertEqual(404, self.shared(link))
        self.change(secret, title="Inquiry of the walnut, third")
        last = self.add("last.txt", "A last one.")
        self.assertNotIn(secret, stream.documents_until(last), "the stream that was open already")

        # For a day more it is as before.
        self.ok("PUT", member, {"last_day": self.day(4)})
        self.assertEqual(open_doors, self.own_doors(secret))
        self.assertEqual(secret, self.service.upload("again.txt", secret_about("walnut").encode(), token=self.vera).json["duplicate_of"])
        self.set_today(self.today + datetime.timedelta(days=6))
        self.ok("PUT", member, {"last_day": None})
        self.assertEqual({404}, set(self.own_doors(secret).values()), "the entry of the list has ended too")
        self.assertNotIn("duplicate_of", self.service.upload("again.txt", secret_about("walnut").encode(), token=self.vera).json)
        report = self.ok("GET", "/reports/access.csv").decode()
        self.assertIn(f"Inquiry,1,vera,vera,records-manager,yes,Inquiry,ended,{self.day(-3)},{self.day(5)}", report)
        entry = next(e for e in self.ok("GET", f"/access-lists/{limited}")["entries"] if e["subject"] == "group")
        self.assertEqual("ended", entry["state"])

    def test_a_right_of_yesterday_is_none_and_days_in_the_wrong_order_are_refused(self):
        number = self.add("plum.txt", "A plum of yesterday.")
        self.give(number, self.list_with("Yesterday", subject="account", id=self.vera_id, last_day=self.day(-1)))
        self.assertEqual(404, self.service.ask("GET", f"/documents/{number}", token=self.vera).status)
        self.give(number, self.list_with("Today", subject="account", id=self.vera_id, first_day=self.day(0), last_day=self.day(0)))
        self.assertEqual(200, self.service.ask("GET", f"/documents/{number}", token=self.vera).status)
        wrong = {"name": "Never", "entries": [{"subject": "everyone", "may_change": False, "first_day": self.day(1), "last_day": self.day(0)}]}
        self.assertEqual(422, self.service.ask("POST", "/access-lists", wrong).status)


class Clearances(Doors):
    def clear(self, name, level):
        self.service.command("user", "clearance", name, level)

    def level(self, access_list, number, token=None):
        version = self.ok("GET", f"/access-lists/{access_list}")["version"]
        return self.service.ask("PATCH", f"/access-lists/{access_list}", {"level": number}, version=version, token=token).status

    def place(self, code, token=None):
        """A class whose documents are due at once when they are declared."""
        terms = {"code": code, "title": code, "triggers": [{"kind": "captured"}], "combine": "all", "cutoff": "none", "fiscal_start": 1,
                 "period": "1 month", "action": "destroy", "kind": "minimum", "authority": "A decision"}
        schedule = self.ok("POST", "/schedules", terms)["id"]
        return self.ok("POST", "/classes", {"code": code, "title": code, "schedule": schedule})["id"]

    def told(self, plain, hold):
        """In how many more places something is said of the secret about the chestnut."""
        get = lambda path: self.service.ok("GET", path, token=self.vera)
        report = self.service.ok("POST", "/subject-report", {"queries": ["chestnut"]}, token=self.vera)
        return {"related": len(get(f"/documents/{plain}/relations")["items"]), "held": len([item for item in get(f"/holds/{hold}/documents")["items"] if item["title"]]),
                "due": get("/retention/due")["total"], "subject": len(report["documents"])}

    def test_below_the_level_every_door_is_closed_to_whoever_is_on_the_list(self):
        self.clear("tester", "Secret")
        self.clear("vera", "Open")
        self.add("plain.txt", "Nothing of note.")
        without = self.counted()
        secret, kind = self.add_secret("hazel")
        inquiry = self.list_with("Hazel", subject="account", id=self.vera_id)
        self.give(secret, inquiry)
        self.assertEqual(200, self.level(inquiry, 30))
        self.assertEqual({404}, set(self.own_doors(secret).values()), "without a clearance")

        self.clear("vera", "Secret")
        until(lambda: self.found("hazel") == self.all_of("hazel", kind), "the index to have it all")
        open_doors = self.own_doors(secret)
        self.assertEqual({}, {door: status for door, status in open_doors.items() if status >= 400})
        self.assertEqual({name: count + 1 for name, count in without.items()}, self.counted())
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)
        link = self.ok("POST", f"/documents/{secret}/share-links", {"expires_at": ends.strftime("%Y-%m-%dT%H:%M:%SZ")},
                       token=self.vera)["path"]
        self.assertEqual(200, self.shared(link))
        stream = Stream(self.service, self.vera)
        self.addCleanup(stream.close)
        self.change(secret, title="Inquiry of the hazel, second")
        stream.documents_until(secret)
        until(lambda: self.service.search("hazel second")["total"] == 1, "the change to be indexed")
        self.add("first.txt", "A first one.")
        stream.documents_until(self.add("second.txt", "A second one."))

        self.clear("vera", "Confidential")
        self.assertEqual({404}, set(self.own_doors(secret).values()), "one level lower")
        self.assertEqual(self.NOTHING, self.found("hazel"))
        self.assertEqual({name: count + 2 for name, count in without.items()}, self.counted(), "those two only")
        self.assertEqual(404, self.shared(link))
        self.change(secret, title="Inquiry of the hazel, third")
        last = self.add("last.txt", "A last one.")
        self.assertNotIn(secret, stream.documents_until(last), "the stream that was open already")
        self.assertNotIn("duplicate_of", self.service.upload("again.txt", secret_about("hazel").encode(), token=self.vera).json)
        self.assertNotIn("Hazel,", "".join(line for line in self.ok("GET", "/reports/access.csv").decode().splitlines() if ",vera," in line))

        self.assertEqual(200, self.level(inquiry, 20), "the level of the list comes down to hers")
        self.assertEqual(open_doors, self.own_doors(secret))

    def test_what_is_told_of_records_goes_by_the_level_too(self):
        self.clear("tester", "Secret")
        self.clear("vera", "Secret")
        plain = self.add("neutral.txt", "Nothing of note at all.")
        secret, kind = self.add_secret("chestnut")
        self.change(secret, **{"class": self.place("7.1")})
        inquiry = self.list_with("Chestnut", subject="account", id=self.vera_id)
        self.give(secret, inquiry)
        self.assertEqual(200, self.level(inquiry, 30))
        hold = self.ok("POST", "/holds", {"title": "Dispute", "reason": "A claim"})["id"]
        self.ok("PUT", f"/documents/{plain}/relations/answers/{secret}", {})
        self.clear("vera", "Open")
        before = self.told(plain, hold)
        self.assertEqual(0, before["related"])
        self.ok("POST", "/records", {"documents": [secret]})
        self.ok("POST", f"/holds/{hold}/documents", {"documents": [secret]})
        self.set_today(self.today + datetime.timedelta(days=70))
        until(lambda: self.service.search("chestnut is:record")["total"] == 1, "the index")
        self.assertEqual(before, self.told(plain, hold))
        self.clear("vera", "Secret")
        until(lambda: self.told(plain, hold) == {name: count + 1 for name, count in before.items()}, "all to be told of")

    def test_no_copy_comes_to_a_lower_level(self):
        self.clear("tester", "Secret")
        self.service.command("user", "add", "sara", "--role", "staff", "--password-stdin", stdin=PASSWORD + "\n")
        self.clear("sara", "Secret")
        sara = next(account["id"] for account in self.ok("GET", "/accounts")["items"] if account["name"] == "sara")
        inquiry = self.list_with("Ninth", subject="account", id=sara)
        self.assertEqual(200, self.level(inquiry, 30))
        node = self.ok("POST", "/classes", {"code": "9", "title": "Ninth"})
        self.ok("PUT", f"/classes/{node['id']}/access-list", {"access_list": inquiry}, version=node["version"])
        self.ok("POST", "/folders", {"class": node["id"], "title": "Case"})
        place, folder = "/files/9%20Ninth", "/files/9%20Ninth/Case"
        ask = lambda method, path, body=b"": self.dav(method, path, body, name="sara")
        to = lambda method, path, other: self.dav(method, path, name="sara", Destination=f"http://127.0.0.1:{self.service.port}/dav{other}")
        secret = place + "/secret.txt"
        for path in (secret, folder + "/secret.txt", "/work/open.txt"):
            self.assertEqual(201, ask("PUT", path, path.encode())[0])
        for method in ("COPY", "MOVE"):
            for other in ("/work/open.txt", "/work/other.txt"):
                self.assertEqual(403, to(method, secret, other)[0], (method, other))
        self.assertEqual((200, "/work/open.txt"), ask("GET", "/work/open.txt"))
        self.assertEqual(404, ask("GET", "/work/other.txt")[0])
        status, told = to("COPY", folder, "/work/Case")
        self.assertEqual((207, True), (status, "403 Forbidden" in told))
        self.assertEqual(404, ask("GET", "/work/Case/secret.txt")[0])
        self.assertEqual(201, to("COPY", secret, folder + "/other.txt")[0], "where the level is the same")

    def test_the_lowest_level_is_renamed_and_stays(self):
        self.ok("PUT", "/levels/0", {"name": "Public"})
        self.assertEqual([0, "Public"], list(self.ok("GET", "/levels")["items"][0].values()))
        self.assertEqual(409, self.service.ask("DELETE", "/levels/0").status)
        self.ok("PUT", "/levels/0", {"name": "Open"})
        self.assertEqual(404, self.service.ask("DELETE", "/levels/one").status)

    def test_nobody_gives_more_than_their_own(self):
        self.clear("tester", "Open")
        self.clear("vera", "Secret")
        vera, tester = f"/accounts/{self.vera_id}", f"/accounts/{self.tester_id}"
        change = lambda path, body: self.service.ask("PATCH", path, body, version=self.ok("GET", path)["version"]).status
        self.assertEqual(403, change(tester, {"clearance": 10}), "to oneself")
        self.assertEqual(403, change(vera, {"clearance": 0}))
        self.assertEqual(403, self.service.ask("POST", "/accounts", {"name": "other", "role": "staff", "clearance": 10}).status)
        self.assertEqual(403, self.service.ask("PUT", vera + "/password", {"password": PASSWORD}).status)
        self.assertEqual(403, self.service.ask("PUT", vera + "/mail", {"address": "tester@example.org"}).status)
        self.assertEqual(403, self.service.ask("POST", "/tokens", {"name": "hers", "account": self.vera_id}).status)
        self.assertEqual(403, self.service.ask("DELETE", vera + "/second-factor").status)
        inquiry = self.list_with("Beyond", subject="account", id=self.vera_id)
        self.assertEqual(403, self.level(inquiry, 10))
        self.assertEqual(200, self.level(inquiry, 30, token=self.vera))
        self.assertEqual(403, self.level(inquiry, 0))
        node = self.ok("POST", "/classes", {"code": "8", "title": "Beyond"})
        listed = lambda access_list, token=None: self.service.ask(
            "PUT", f"/classes/{node['id']}/access-list", {"access_list": access_list},
            version=self.ok("GET", f"/classes/{node['id']}")["version"], token=token).status
        self.assertEqual(403, listed(inquiry), "nobody gives what they could not take back")
        self.assertEqual(200, listed(inquiry, token=self.vera))
        self.assertEqual(403, listed(None))
        below = self.ok("POST", "/classes", {"code": "8.1", "title": "Below", "parent": node["id"]})
        answer = self.service.ask("PUT", f"/classes/{below['id']}/access-list", {"access_list": 1}, version=below["version"], token=self.vera)
        self.assertEqual((409, "an access list of a lower level than its place has cannot stand there; choose one of that level or a higher one"),
                         (answer.status, answer.json["detail"]))
        moved = self.service.ask("PUT", f"/classes/{below['id']}/parent", {"parent": None}, version=below["version"])
        self.assertEqual(403, moved.status)
        self.assertEqual(200, listed(None, token=self.vera))
        delete = lambda token=None: self.service.ask(
            "DELETE", f"/access-lists/{inquiry}", version=self.ok("GET", f"/access-lists/{inquiry}")["version"], token=token).status
        self.assertEqual([403, 204], [delete(), delete(self.vera)])


if __name__ == "__main__":
    unittest.main()

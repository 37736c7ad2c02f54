#!/usr/bin/env python3
"""Every file of some folders goes through the built program; by hand, with files from elsewhere.

    tests/fault/sweep.py FOLDER...

Prints one JSON object, in which `text` tells by extension how many documents have text and how many have none, those that
came out of archives and mails included. Exit code 1 for an answer of 500 and above, a file that never ended, a service that died, or a
verify that finds something.
"""

import collections
import concurrent.futures
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from service import Service  # noqa: E402

ENOUGH_SECONDS = 1500


def send(service, path):
    begun = time.monotonic()
    answer = service.upload(path.name.replace('"', "_"), path.read_bytes())
    return path, answer, time.monotonic() - begun


def with_text_by_extension(service):
    """Of all documents: [with text, without]."""
    counts, cursor = collections.defaultdict(lambda: [0, 0]), ""
    while cursor is not None:
        page = service.ok("GET", "/documents?limit=200" + (f"&cursor={cursor}" if cursor else ""))
        for item in page["items"]:
            counts[pathlib.Path(item["filename"] or "").suffix.lower()][0 if item["has_text"] else 1] += 1
        cursor = page["next"]
    return dict(sorted(counts.items()))


def main():
    files = sorted(path for folder in sys.argv[1:] for path in pathlib.Path(folder).rglob("*") if path.is_file())
    if not files:
        print(__doc__, file=sys.stderr)
        return 2
    bad, states, problems, open_jobs = [], collections.Counter(), collections.Counter(), {}
    with Service(reading_page_deadline="30s") as service:
        service.sign_in()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            answers = collections.Counter()
            for path, answer, _ in pool.map(lambda path: send(service, path), files):
                answers[answer.status] += 1
                if answer.status >= 500:
                    bad.append(f"{path}: {answer.status} {answer.body[:200]!r}")
                elif answer.status == 202:
                    open_jobs[answer.json["job"]] = path
                elif answer.status != 200:
                    problems[f"{answer.status} {answer.json.get('code')}"] += 1
        deadline = time.monotonic() + ENOUGH_SECONDS
        while open_jobs and time.monotonic() < deadline:
            for job, path in list(open_jobs.items()):
                answer = service.request("GET", f"/api/v1/jobs/{job}")
                state = answer.json["state"]
                if state not in ("queued", "running"):
                    states[state] += 1
                    if answer.json["problem"]:
                        problems[answer.json["problem"]["code"]] += 1
                    del open_jobs[job]
                    if state == "failed":
                        print(f"{path}: {answer.json['problem']['detail']}", file=sys.stderr)
            time.sleep(0.5)
        bad += [f"{path}: never ended" for path in open_jobs.values()]
        if service.process.poll() is not None:
            bad.append(f"the service died with {service.process.returncode}")
        # Pages of what was read are shown too: the reader draws what it did not need to recognise.
        documents = service.request("GET", "/api/v1/documents?limit=200").json
        for item in documents["items"]:
            shown = service.request("GET", f"/api/v1/documents/{item['id']}/thumbnail").status
            if shown >= 500:
                bad.append(f"thumbnail of {item['filename'] if 'filename' in item else item['id']}: {shown}")
        text = with_text_by_extension(service)
        verification = json.loads(service.command("verify", "--json", expect=None).stdout or "{}")
        if not verification.get("sound"):
            bad.append(f"verify: {verification.get('findings')}")
    print(json.dumps({"files": len(files), "answers": answers, "jobs": states, "problems": problems, "text": text, "bad": bad}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

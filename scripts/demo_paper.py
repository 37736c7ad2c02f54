#!/usr/bin/env python3
"""demo_paper.py PROGRAM [OPTION]...: gives an archive that has no places yet a cellar with a box of paper files.

PROGRAM [OPTION]... is how the command line is called, such as: build/release/bin/muniment --data data
"""

import json
import subprocess
import sys

FILES = ["Lease of the warehouse, signed original", "Minutes of the board, bound volume", "Personnel file of the night watchman"]


def api(operation, **fields):
    words = [f"{name}={value}" for name, value in fields.items()]
    return json.loads(subprocess.run([*sys.argv[1:], "api", operation, *words], check=True, stdout=subprocess.PIPE).stdout)


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    if api("locations", limit=1)["total"] > 0:
        return 0
    site = api("create_location", kind="site", name="Main office")["id"]
    room = api("create_location", kind="room", name="Cellar", parent=site)["id"]
    shelf = api("create_location", kind="shelf", name="Shelf A", parent=room)["id"]
    box = api("create_location", kind="box", name="Box 1", parent=shelf, capacity=20)["id"]
    for title in FILES:
        api("register_paper_file", title=title, home=box)
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Whether stacks are parted where they should be, and serial numbers read: paperless-ngx's sample files of separator sheets.

  separator_bench.py FOLDER        with the files of src/documents/tests/samples/barcodes of paperless-ngx

Each goes through the built program by itself. Prints what is not as expected and one JSON object; exit code 1 when
anything is not, or a file is missing.
"""

import collections
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from service import Service, until  # noqa: E402

Expected = collections.namedtuple("Expected", "parts serials settings", defaults=((), {}))

TAGS = {"barcodes_tags": "TAG:*", "barcodes_tags_start_documents": "yes"}
# Pages of each document, and serial numbers, in their order: as paperless-ngx's own tests have it, and for the prefixes of its
# tests' own, which nothing is set to here, a page that stays what it is.
EXPECTED = {
    "barcode-128-asn-too-large.pdf": Expected((1,), (None,)),  # a label without a number that could be one
    "barcode-128-custom.pdf": Expected((1,)),
    "barcode-39-asn-123.pdf": Expected((1,), (123,)),
    "barcode-39-asn-custom-prefix.pdf": Expected((1,)),
    "barcode-39-custom.pdf": Expected((1,)),
    "barcode-fax-image.pdf": Expected((1, 1)),
    "barcode-qr-asn-000123-upscale-dpi.pdf": Expected((1,), (123,)),
    "barcode-qr-custom.pdf": Expected((1,)),
    "patch-code-t-double.pdf": Expected((1, 1)),
    "patch-code-t-middle-alpha.tiff": Expected((1, 1)),
    "patch-code-t-middle-distorted.pdf": Expected((1, 1)),
    "patch-code-t-middle-fuzzy.pdf": Expected((1, 1)),
    "patch-code-t-middle-unreadable.pdf": Expected((3,)),
    "patch-code-t-middle.pdf": Expected((1, 1)),
    "patch-code-t-middle.tiff": Expected((1, 1)),
    "patch-code-t-qr.pdf": Expected((1,)),  # nothing but a sheet
    "several-patcht-codes.pdf": Expected((2, 2, 1)),
    "split-by-asn-1.pdf": Expected((2, 1, 3, 2, 2), (123, 124, 125, 126, 127)),
    "split-by-asn-2.pdf": Expected((2, 1, 1, 3, 2, 2), (123, 124, 125, 126, 127)),
    "split-by-tag-basic.pdf": Expected((1, 2, 3), settings=TAGS),
    "split-by-tag-multiple-per-page.pdf": Expected((1, 2, 2), settings=TAGS),
}


def documents_of(service, number):
    parts = service.document(number)["made_into"] or [number]
    return [until(lambda: (lambda now: now["state"] == "ready" and now)(service.document(part)), "it to be read") for part in parts]


def look(path, settings):
    with Service(**settings) as service:
        service.sign_in()
        answer = service.upload(path.name, path.read_bytes())
        service.wait_for_job(answer.json["job"])
        found = documents_of(service, answer.json["id"])
        serials = [each["serial_number"]["number"] for each in found if each["serial_number"]]
        return tuple(each["page_count"] for each in found), tuple(serials)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, right = pathlib.Path(sys.argv[1]), 0
    for name, expected in EXPECTED.items():
        path = folder / name
        found = look(path, expected.settings) if path.is_file() else "missing"
        if found == (expected.parts, expected.serials):
            right += 1
        else:
            print(f"{name}: {found} instead of {(expected.parts, expected.serials)}", file=sys.stderr)
    print(json.dumps({"files": len(EXPECTED), "as_expected": right}))
    return 0 if right == len(EXPECTED) else 1


if __name__ == "__main__":
    sys.exit(main())

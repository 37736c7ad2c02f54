"""A network scanner whose feeder holds a stack of mixed paper, for tests that are not written in Python:

    mixed_stack.py FOLDER

writes SANE's configuration that knows this scanner alone to FOLDER, says so with a line, and serves until its input ends. In the
stack are an invoice, a separator sheet, a letter of two pages, a separator sheet, and minutes that have no sheet behind them."""

import sys

import page_pictures
import paper
from escl_simulator import EsclScanner


def sheet(title, *lines):
    """A page of paper: its heading in large type, and lines of words."""
    content = f"BT /F 22 Tf 60 760 Td ({title}) Tj ET\n"
    for place, line in enumerate(lines):
        content += f"BT /F 13 Tf 60 {710 - 22 * place} Td ({line}) Tj ET\n"
    return content


STACK = [
    sheet("Invoice 20458", "Northern Timber Ltd", "Invoice date: 5 March 2024", "Oak boards for the quay, twelve pieces", "Amount due: GBP 1,250.00",
          "Please pay by 4 April 2024"),
    paper.bars("PATCHT"),
    sheet("Lease of the northern warehouse", "The landlord lets the warehouse to the tenant for three years.",
          "The rent is paid on the first day of each month.", "The tenant keeps the premises in good repair."),
    sheet("Signatures", "Signed by the landlord and by the tenant", "on the second of January 2024."),
    paper.bars("PATCHT"),
    sheet("Minutes of the harbour committee", "The committee met on 7 May 2024 in the harbour office.", "The budget for the coming year was approved.",
          "The chair closed the meeting at noon."),
]


def main(folder):
    with EsclScanner(page_pictures.pictures(STACK)) as scanner:
        scanner.configuration(folder)
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])

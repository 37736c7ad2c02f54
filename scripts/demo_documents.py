#!/usr/bin/env python3
"""demo_documents.py DIRECTORY: writes a small office's made-up papers, the same ones every time.

Letters, invoices and minutes in English and Swedish, as PDF, as scans (PNG and scanned PDF pages, a little crooked) and
as text. Nothing in them is anybody's.
"""

import pathlib
import random
import subprocess
import sys
import textwrap

COMPANIES = ["Northwind Paper Ltd", "Harbour Lane Printers", "Ashdown Joinery", "Bright Water Cleaning",
             "Lindqvist & Berg AB", "Västerö Bygg AB", "Mälarkontor AB", "Skogsbro Trädgård AB"]
ENGLISH_SUBJECTS = ["the lease of the warehouse", "the delivery of oak shelves", "our annual maintenance agreement",
                    "the repair of the north roof", "the insurance of the van fleet", "new opening hours"]
SWEDISH_SUBJECTS = ["hyresavtalet för lagret", "leveransen av ekhyllor", "vårt årliga serviceavtal",
                    "reparationen av norra taket", "försäkringen av skåpbilarna", "nya öppettider"]
ENGLISH_GOODS = ["Copying paper A4, box", "Oak shelf 80 cm", "Window cleaning, hour", "Archive boxes, pack of ten"]
SWEDISH_GOODS = ["Kopieringspapper A4, kartong", "Ekhylla 80 cm", "Fönsterputs, timme", "Arkivkartonger, tiopack"]
ENGLISH_NAMES = ["Margaret Holloway", "Peter Ashby", "Joan Whitfield", "Samuel Okoro"]
SWEDISH_NAMES = ["Åsa Lindqvist", "Örjan Nyström", "Märta Sjögren", "Göran Öberg"]
ENGLISH_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December"]
SWEDISH_MONTHS = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
                  "november", "december"]


def letter(chance, swedish):
    company = chance.choice(COMPANIES)
    day, month, year = chance.randint(1, 28), chance.randrange(12), chance.randint(2021, 2024)
    if swedish:
        subject, sender = chance.choice(SWEDISH_SUBJECTS), chance.choice(SWEDISH_NAMES)
        body = (f"Tack för ert brev om {subject}. Vi har gått igenom handlingarna och godkänner villkoren, under "
                f"förutsättning att arbetet är klart före den {chance.randint(1, 28)} {SWEDISH_MONTHS[chance.randrange(12)]}. "
                f"Bekräfta gärna skriftligen att ni har tagit emot det här brevet. Frågor besvaras på telefon "
                f"08-{chance.randint(100, 999)} {chance.randint(10, 99)} {chance.randint(10, 99)}.")
        return [f"Angående {subject}", company, f"Stockholm den {day} {SWEDISH_MONTHS[month]} {year}", "", "Hej,", "",
                *textwrap.wrap(body, 76), "", "Med vänlig hälsning", sender]
    subject, sender = chance.choice(ENGLISH_SUBJECTS), chance.choice(ENGLISH_NAMES)
    body = (f"Thank you for your letter about {subject}. We have read the papers and agree to the terms, provided that "
            f"the work is finished before {chance.randint(1, 28)} {ENGLISH_MONTHS[chance.randrange(12)]}. Please confirm "
            f"in writing that you have received this letter. If anything is unclear, call us on "
            f"+44 20 7946 0{chance.randint(100, 999)}.")
    return [f"Concerning {subject}", company, f"London, {day} {ENGLISH_MONTHS[month]} {year}", "", "Dear Sir or Madam,", "",
            *textwrap.wrap(body, 76), "", "Yours faithfully,", sender]


def invoice(chance, swedish):
    company, number = chance.choice(COMPANIES), f"INV-{chance.randint(2021, 2024)}/{chance.randint(1, 9999):04d}"
    date = f"{chance.randint(2021, 2024)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    goods = chance.sample(SWEDISH_GOODS if swedish else ENGLISH_GOODS, 3)
    rows, total = [], 0
    for what in goods:
        pieces, price = chance.randint(1, 12), chance.randint(40, 900)
        total += pieces * price
        rows.append(f"{what:<34}{pieces:>4}  x {price:>5}.00  = {pieces * price:>7}.00")
    if swedish:
        return [f"Faktura {number}", company, f"Fakturadatum: {date}", f"Organisationsnummer: 5566{chance.randint(10, 99)}-{chance.randint(1000, 9999)}",
                "", *rows, "", f"Att betala: {total}.00 kronor", "Betalningsvillkor: 30 dagar netto. Dröjsmålsränta enligt lag."]
    return [f"Invoice {number}", company, f"Invoice date: {date}", f"Our reference: {chance.choice(ENGLISH_NAMES)}", "", *rows,
            "", f"Total due: {total}.00 pounds", "Payment is due within 30 days of the date of this invoice."]


def minutes(chance, swedish):
    date = f"{chance.randint(2021, 2024)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    if swedish:
        points = [f"Styrelsen diskuterade {subject} och beslutade att inhämta ytterligare en offert."
                  for subject in chance.sample(SWEDISH_SUBJECTS, 4)]
        return ["Protokoll från styrelsemöte", f"Datum: {date}", "Närvarande: " + ", ".join(SWEDISH_NAMES), "",
                *[line for i, point in enumerate(points, 1) for line in [f"§ {i}", *textwrap.wrap(point, 76), ""]],
                "Mötet avslutades. Justeras: " + chance.choice(SWEDISH_NAMES)]
    points = [f"The board discussed {subject} and resolved to ask for one more offer."
              for subject in chance.sample(ENGLISH_SUBJECTS, 4)]
    return ["Minutes of the board meeting", f"Date: {date}", "Present: " + ", ".join(ENGLISH_NAMES), "",
            *[line for i, point in enumerate(points, 1) for line in [f"Item {i}", *textwrap.wrap(point, 76), ""]],
            "The meeting was closed. Approved by " + chance.choice(ENGLISH_NAMES)]


def pdf(pages):
    """A PDF of one or more pages of lines; the first line of a page is its heading."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Kids [{' '.join(f'{5 + 2 * i} 0 R' for i in range(len(pages)))}] /Count {len(pages)} >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"]
    for number, lines in enumerate(pages):
        content = ["BT"]
        for row, line in enumerate(lines):
            text = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            font, size = ("/F2", 18) if row == 0 else ("/F1", 10.5)
            content.append(f"{font} {size} Tf 1 0 0 1 60 {770 - 16 * row - (14 if row else 0)} Tm ({text}) Tj")
        content.append("ET")
        stream = "\n".join(content)
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * number} 0 R "
                       "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>")
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def scan(pdf_path, png_path, chance):
    """The paper as a scanner would have seen it: grey, 200 dpi, not quite straight."""
    subprocess.run(["mutool", "draw", "-q", "-N", "-r", "200", "-c", "gray", "-R", f"{chance.uniform(-1.5, 1.5):.2f}",
                    "-o", str(png_path), str(pdf_path)], check=True)


def main():
    if len(sys.argv) != 2:
        print("usage: demo_documents.py DIRECTORY", file=sys.stderr)
        return 2
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    kinds = {"letter": letter, "invoice": invoice, "minutes": minutes}
    for number in range(1, 43):
        kind = list(kinds)[number % 3]
        swedish = number % 2 == 0
        lines = kinds[kind](chance, swedish)
        name = f"{kind}-{number:02d}-{'sv' if swedish else 'en'}"
        if number % 7 == 0:
            (directory / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
            continue
        # Some papers have an enclosure.
        pages = [lines] + ([kinds["letter"](chance, swedish)] if number % 5 == 0 else [])
        path = directory / f"{name}.pdf"
        path.write_bytes(pdf(pages))
        if number % 4 == 0 and len(pages) == 1:
            scan(path, directory / f"{name}-scan.png", chance)
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())

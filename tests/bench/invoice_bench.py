"""How much of what invoices say is found: made-up ones, Swedish and English, in layouts that differ.

    invoice_bench.py READ_FIELDS MUNIMENT_EXTRACT [NUMBER] [--pictures] [--show]

NUMBER invoices (120), as PDFs with text; with --pictures a grey picture at 200 dots per inch of each, to be recognised. Prints
one JSON line for each field: of what the invoices say how much was found (recall), and of what was found how much is right
(precision). --show names what was missed. The same number gives the same invoices."""

import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

SENDERS = ["Nordan Trä AB", "Lindbacka Rör AB", "Sjövik Elservice HB", "Harbour Timber Ltd", "Kvarnens Bageri AB", "Aldermoor Print Ltd",
           "Östra Åkeriet AB", "Tallhöjdens Städ AB"]
CUSTOMERS = ["Fyrbodens Museum", "Granlunds Kontor AB", "Peat Lane School", "Vallda Församling"]
GOODS = ["Virke 45 x 95", "Arbetstid", "Oak boards", "Delivery", "Rengöring kontor", "Copper pipe", "Bröd", "Printing, 500 sheets"]
STREETS = ["Kajgatan 4", "Mill Lane 12", "Verkstadsvägen 31", "Station Road 7"]
TOWNS = ["451 30 Uddevalla", "411 05 Göteborg", "Bristol BS1 4QA", "903 25 Umeå"]
MONTHS = {"sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
          "en": "January February March April May June July August September October November December".split()}

# What the fields are called; "%" is where a value stands in the middle of a sentence.
LABELS = {
    "sv": {"date": ["Fakturadatum", "Datum", "Fakturadag", "Utskriftsdatum"],
           "due_date": ["Förfallodatum", "Förfallodag", "Betalas senast", "Att betala senast", "Sista betalningsdag", "Förfaller",
                        "Oss tillhanda senast", "Betalningsdatum"],
           "invoice_number": ["Fakturanummer", "Fakturanr", "Faktura nr", "Faktnr", "Fakturanr."],
           "total": ["Att betala", "Summa att betala", "Totalt", "Belopp att betala", "Totalsumma", "Att betala SEK", "Totalt SEK",
                     "Slutsumma"],
           "organisation_number": ["Org.nr", "Organisationsnummer", "Organisationsnr", "Org nr", "Org. nr", "Orgnr"],
           "vat": ["Momsreg.nr", "VAT-nr", "Momsregistreringsnummer"],
           "ocr_number": ["OCR", "OCR-nummer", "OCR-nr", "OCR/Referens", "Ange OCR"],
           "bankgiro": ["Bankgiro", "Bg", "BG", "Bankgironr", "Bankgiro nr"],
           "iban": ["IBAN", "IBAN-nr"]},
    "en": {"date": ["Invoice date", "Date", "Date of issue", "Issued"],
           "due_date": ["Due date", "Payment due", "Please pay by", "Due", "Payment due by", "Pay before", "Due on"],
           "invoice_number": ["Invoice number", "Invoice no.", "Invoice No", "Invoice #", "Inv. no.", "Invoice ID"],
           "total": ["Total due", "Amount due", "Total", "Balance due", "Total payable", "Grand total"],
           "organisation_number": ["Company reg. no.", "Org. no", "Corporate ID", "Registration number"],
           "vat": ["VAT no.", "VAT number"],
           "ocr_number": ["OCR", "OCR number", "Payment reference (OCR)"],
           "bankgiro": ["Bankgiro", "Bankgiro no."],
           "iban": ["IBAN", "IBAN:"]}}


def with_check_digit(digits):
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return digits + str(-total % 10)


def swedish_iban(chooser):
    account = "".join(chooser.choice("0123456789") for _ in range(20))
    check = 98 - int(account + "281400") % 97
    return f"SE{check:02}{account}"


def date_text(chooser, language, date):
    year, month, day = date
    iso = f"{year}-{month:02}-{day:02}"
    if language == "sv":
        return chooser.choice([iso, iso, f"{day} {MONTHS['sv'][month - 1]} {year}", f"{day:02}.{month:02}.{year}", f"{year % 100:02}-{month:02}-{day:02}"])
    return chooser.choice([iso, f"{day} {MONTHS['en'][month - 1]} {year}", f"{MONTHS['en'][month - 1]} {day}, {year}", f"{day:02}/{month:02}/{year}"])


def amount_text(chooser, language, cents, currency):
    whole, rest = divmod(cents, 100)
    if language == "sv":
        number = f"{whole:,}".replace(",", chooser.choice([" ", " ", ""])) + f",{rest:02}"
        return chooser.choice([f"{number} kr", f"{number} SEK", f"SEK {number}", number + " kr"])
    number = f"{whole:,}.{rest:02}"
    return {"SEK": f"SEK {number}", "EUR": chooser.choice([f"€{number}", f"EUR {number}", f"{number} EUR"]),
            "GBP": chooser.choice([f"£{number}", f"GBP {number}"])}[currency]


class Page:
    """Text at places of an A4 page, in points from its top left."""

    def __init__(self):
        self.content = ""

    def put(self, left, top, text, size=10):
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.content += f"BT /F {size} Tf {left} {842 - top} Td ({escaped}) Tj ET\n"


def pdf(content):
    """A PDF of one page in Helvetica, with the letters of western Europe."""
    stream = content.encode("cp1252")
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents 5 0 R >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)]
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table


def invoice(number):
    """The page's content, and what it says: values by field. `amount` is what is to be paid, `amounts` all there are."""
    chooser = random.Random(number)
    language = "sv" if number % 5 < 3 else "en"
    label = {field: chooser.choice(names) for field, names in LABELS[language].items()}
    currency = "SEK" if language == "sv" else chooser.choice(["GBP", "EUR", "SEK"])
    year, month, day = 2019 + chooser.randrange(7), 1 + chooser.randrange(12), 1 + chooser.randrange(28)
    due = (year + (month == 12), month % 12 + 1, day)
    net = chooser.randrange(20_000, 4_000_000)
    total = net + net // 4
    digits = "".join(chooser.choice("0123456789") for _ in range(6))
    organisation = with_check_digit("55" + chooser.choice("6789") + digits)
    giro = with_check_digit("5" + "".join(chooser.choice("0123456789") for _ in range(chooser.choice([5, 6]))))
    code = chooser.choice([f"{chooser.randrange(1000, 99999)}", f"F{chooser.randrange(100000)}", f"{year}-{chooser.randrange(1000):04}",
                           f"INV-{chooser.randrange(10000)}"])
    ocr = with_check_digit(f"{chooser.randrange(10 ** 7, 10 ** 9)}")
    iban = swedish_iban(chooser)

    facts = {"date": f"{year}-{month:02}-{day:02}", "due_date": f"{due[0]}-{due[1]:02}-{due[2]:02}", "invoice_number": code,
             "amount": f"{total // 100}.{total % 100:02} {currency}", "organisation_number": organisation[:6] + "-" + organisation[6:]}
    head = [("date", date_text(chooser, language, (year, month, day))), ("due_date", date_text(chooser, language, due)),
            ("invoice_number", code)]
    chooser.shuffle(head)
    payment = []
    swedish_giro = language == "sv" or chooser.random() < 0.3
    if swedish_giro:
        facts["bankgiro"] = giro[:-4] + "-" + giro[-4:]
        payment.append(("bankgiro", facts["bankgiro"]))
        if chooser.random() < 0.7:
            facts["ocr_number"] = ocr
            payment.append(("ocr_number", ocr))
    if not swedish_giro or chooser.random() < 0.4:
        facts["iban"] = iban
        payment.append(("iban", " ".join(iban[at:at + 4] for at in range(0, len(iban), 4)) if chooser.random() < 0.7 else iban))

    page = Page()
    draw(page, chooser, language, label, head, payment, facts,
         [amount_text(chooser, language, cents, currency) for cents in (net, total - net, total)])
    amounts = {f"{cents // 100}.{cents % 100:02} {currency}" for cents in (net, total - net, total)}
    return page.content, facts, amounts


def draw(page, chooser, language, label, head, payment, facts, amounts):
    colon = chooser.choice(["", ":"])
    sender = chooser.choice(SENDERS)
    page.put(60, 60, sender, 16)
    page.put(60, 78, chooser.choice(STREETS))
    page.put(60, 92, chooser.choice(TOWNS))
    page.put(chooser.choice([60, 350]), 130, chooser.choice(["FAKTURA", "Faktura"] if language == "sv" else ["INVOICE", "Invoice"]), 20)
    page.put(60, 170, chooser.choice(CUSTOMERS), 11)
    page.put(60, 184, chooser.choice(STREETS))
    page.put(60, 198, chooser.choice(TOWNS))

    layout = chooser.choice(["beside", "row", "block", "table"])
    for place, (field, value) in enumerate(head):
        if layout == "beside":  # label and value side by side, values in a column
            page.put(340, 170 + 15 * place, label[field] + colon)
            page.put(460, 170 + 15 * place, value)
        elif layout == "row":  # one line of labels, the values below
            page.put(60 + 165 * place, 250, label[field], 8)
            page.put(60 + 165 * place, 263, value)
        elif layout == "block":  # label, value, label, value
            page.put(400, 160 + 30 * place, label[field], 8)
            page.put(400, 172 + 30 * place, value)
        else:  # one text
            page.put(340, 170 + 15 * place, f"{label[field]}{colon or ':'} {value}")

    page.put(60, 300, "Beskrivning" if language == "sv" else "Description", 9)
    page.put(330, 300, "Antal" if language == "sv" else "Quantity", 9)
    page.put(460, 300, "Pris" if language == "sv" else "Price", 9)
    for row in range(chooser.randrange(2, 6)):
        page.put(60, 320 + 16 * row, chooser.choice(GOODS))
        page.put(340, 320 + 16 * row, str(chooser.randrange(1, 40)))
        page.put(460, 320 + 16 * row, f"{chooser.randrange(10, 900)},00" if language == "sv" else f"{chooser.randrange(10, 900)}.00")
    left = chooser.choice([60, 330])
    net, tax, total = amounts
    for place, (name, value) in enumerate([("Netto" if language == "sv" else "Subtotal", net), ("Moms 25 %" if language == "sv" else "VAT 25%", tax),
                                           (label["total"] + colon, total)]):
        page.put(left, 460 + 18 * place, name, 11 if place == 2 else 10)
        page.put(left + 130, 460 + 18 * place, value, 11 if place == 2 else 10)

    organisation = (label["organisation_number"], facts["organisation_number"])
    if chooser.random() < 0.3:
        organisation = (label["vat"], "SE" + facts["organisation_number"].replace("-", "") + "01")
    footer = [organisation, *((label[field], value) for field, value in payment)]
    if chooser.random() < 0.5:
        for place, (name, value) in enumerate(footer):
            page.put(60, 720 + 14 * place, f"{name.rstrip(':')}{colon or ':'} {value}", 9)
    else:  # columns: label above its value, the widest value last
        for place, (name, value) in enumerate(footer):
            page.put(60 + 125 * place, 730, name, 8)
            page.put(60 + 125 * place, 742, value, 8)
    if "ocr_number" in facts and chooser.random() < 0.3 and facts["amount"].endswith(" SEK"):
        kronor, cents = facts["amount"][:-4].split(".")
        check = with_check_digit(kronor + cents)[-1]
        page.put(60, 810, f"# {facts['ocr_number']} # {kronor} {cents} {check} > {facts['bankgiro'].replace('-', '')}#41#")


def write(content, target):
    target.with_suffix(".pdf").write_bytes(pdf(content))
    if target.suffix == ".png":
        subprocess.run(["mutool", "draw", "-q", "-F", "png", "-c", "gray", "-r", "200", "-o", str(target), str(target.with_suffix(".pdf"))],
                       check=True, capture_output=True)


def measure(programs, count, ending, show):
    invoices = [invoice(number) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / f"{number}{ending}" for number in range(count)]
        for file, (content, _, _) in zip(files, invoices):
            write(content, file)
        lines = subprocess.run([*programs, *map(str, files)], check=True, capture_output=True, text=True).stdout.splitlines()
    asked, found, listed, right = (collections.Counter() for _ in range(4))
    for line, (_, facts, amounts) in zip(lines, invoices):
        read = json.loads(line)
        values = collections.defaultdict(set)
        for field, value in [*read["fields"], ("date", read["date"])]:
            if value:
                values[field].add(value)
        for field, truth in facts.items():
            asked[field] += 1
            found[field] += truth in values[field]
            if show and truth not in values[field]:
                print(read["file"], field, "missed", truth, sorted(values[field]))
        for field in {*facts, *values} - {"reference", "plusgiro"}:
            true = amounts if field == "amount" else {facts[field]} if field in facts else set()
            listed[field] += len(values[field])
            right[field] += len(values[field] & true)
            if show and values[field] - true:
                print(read["file"], field, "wrong", sorted(values[field] - true))
        if show:
            print(read["file"], "title", read["title"])
    for field in sorted(asked):
        print(json.dumps({"field": field, "invoices": asked[field], "recall": round(found[field] / asked[field], 3),
                          "precision": round(right[field] / listed[field], 3) if listed[field] else None}))


def main(arguments):
    programs = arguments[:2]
    numbers = [int(each) for each in arguments[2:] if each.isdigit()]
    measure(programs, numbers[0] if numbers else 120, ".png" if "--pictures" in arguments else ".pdf", "--show" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])

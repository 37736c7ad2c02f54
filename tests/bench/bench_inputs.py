"""Inputs that the service's bench makes itself: texts whose words follow Zipf's law, and PDFs. The same number gives
the same input."""

import bisect
import itertools
import random
import zlib

ENGLISH = ("the of and to in is for on that by this with from it are be at as which not have or an was will has been "
           "their more other may all its any under than such these when one between each").split()
SWEDISH = ("och att det som en på är av för med till den har de inte om ett men var sig så vi från kan eller hade mot "
           "ska under också efter vid mellan detta sina denna över där alla skall").split()
MONTHS = ("January February March April May June July August September October November December").split()
VOCABULARY = 60_000
WORDS_A_PAGE = 200


def word(rank):
    """A pronounceable word."""
    consonants, vowels = "bdfghklmnprstv", "aeiouy"
    letters, rest = "", rank + 20
    while rest > 0:
        letters += consonants[rest % 14] + vowels[rest // 14 % 6]
        rest //= 84
    return letters + "n"


_WORDS = [word(rank) for rank in range(VOCABULARY)]
_CUMULATIVE = list(itertools.accumulate(1 / (rank + 1) for rank in range(VOCABULARY)))


def words(chooser, count):
    top = _CUMULATIVE[-1]
    return [_WORDS[bisect.bisect(_CUMULATIVE, chooser.random() * top)] for _ in range(count)]


def is_english(number):
    return number % 3 == 0


def date_of(number):
    return 2000 + number % 25, number % 12 + 1, number % 28 + 1


def text(number):
    """One page, about 1.4 KB: a title, a date, a code, and words of which a third are function words."""
    chooser = random.Random(number)
    common = ENGLISH if is_english(number) else SWEDISH
    year, month, day = date_of(number)
    content = words(chooser, WORDS_A_PAGE)
    for i in range(0, WORDS_A_PAGE, 3):
        content[i] = chooser.choice(common)
    title = " ".join(words(chooser, 3)).capitalize()
    date = f"Date: {day} {MONTHS[month - 1]} {year}" if is_english(number) else f"Datum: {year}-{month:02}-{day:02}"
    lines = [" ".join(content[at:at + 12]) + ("." if at % 36 == 24 else "") for at in range(0, WORDS_A_PAGE, 12)]
    return f"{title}\n\n{date}\nINV-{year}/{10_000 + number}\n\n" + "\n".join(lines) + "\n"


def path_of(folder, number):
    return folder / f"{number // 500:05}" / f"{number:07}.txt"


def write_texts(folder, first, count):
    """Files of 500 a folder, named by their numbers; those that are there are left alone."""
    for number in range(first, first + count):
        path = path_of(folder, number)
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(number), encoding="utf-8")


QUERY_KINDS = 8


def query(chooser, kind):
    """Mixed queries, as search_latency.cpp asks them."""
    def common():
        return _WORDS[chooser.randrange(5, 200)]

    def rare():
        return _WORDS[chooser.randrange(200, 20_000)]

    return [lambda: rare(),
            lambda: f"{common()} {rare()}",
            lambda: f"{common()} OR {common()} OR {rare()}",
            lambda: f"{common()} {common()}",
            lambda: f'"{common()} {common()}"',
            lambda: f"{rare()[:4]}*",
            lambda: f"{common()} created:2010..2015 type:invoice",
            lambda: f"INV-{2000 + (n := chooser.randrange(1, 200_000)) % 25}/{10_000 + n}"][kind % QUERY_KINDS]()


def pdf(page_texts):
    """A born-digital PDF, a page for each list of lines."""
    objects = [None, None, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    kids = []
    for lines in page_texts:
        shown = " ".join("(" + line.replace("\\", "").replace("(", "").replace(")", "") + ") '" for line in lines)
        stream = zlib.compress(f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET".encode("cp1252", "replace"))
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents "
                       b"%d 0 R>>" % len(objects))
        kids.append(len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return _assembled(objects)


def scanned_pdf(pages, width=2480, height=3508):
    """Pages as a scanner makes them, each one white grey image of A4 at 300 dpi."""
    image = zlib.compress(b"\xfa" * (width * height))
    objects = [None, None,
               b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Length %d"
               b"/Filter/FlateDecode>>stream\n%s\nendstream" % (width, height, len(image), image)]
    content = b"595 0 0 842 0 0 cm /I Do"
    objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    for _ in range(pages):
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 3 0 R>>>>"
                       b"/Contents 4 0 R>>")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        pages, b" ".join(b"%d 0 R" % (5 + page) for page in range(pages)))
    return _assembled(objects)


def _assembled(objects):
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)

"""Files that are not what they say, broken or made to do harm; small, and the same each time."""

import base64
import gzip
import io
import pathlib
import struct
import tarfile
import zipfile
import zlib

import office_files
from archives import zipped

LAUGHS = ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "laugh">' +
          "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)) + "]>")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def pdf(*objects, trailer="/Root 1 0 R"):
    """Of objects 1, 2 ... (text or bytes), with a cross-reference table that is right."""
    made, offsets = io.BytesIO(b"%PDF-1.7\n"), []
    made.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        offsets.append(made.tell())
        made.write(b"%d 0 obj\n" % number + (content if isinstance(content, bytes) else content.encode()) + b"\nendobj\n")
    start = made.tell()
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        made.write(b"%010d 00000 n \n" % offset)
    made.write(f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return made.getvalue()


def one_page(content=b"BT /F1 24 Tf 72 700 Td (A page about herons) Tj ET", page="/MediaBox [0 0 595 842]", entries="",
             resources="/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>", more=()):
    stream = b"<< /Length %d %s >>\nstream\n" % (len(content), entries.encode()) + content + b"\nendstream"
    return pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               f"<< /Type /Page /Parent 2 0 R {page} /Contents 4 0 R /Resources << {resources} >> >>", stream, *more)


def pdfs():
    whole = one_page()
    bomb = zlib.compress(b" " * 200_000_000, 1)
    return {
        "cut at a quarter.pdf": whole[:len(whole) // 4],
        "cut in the middle.pdf": whole[:len(whole) // 2],
        "cut before its end.pdf": whole[:-40],
        "only a header.pdf": b"%PDF-1.7\n",
        "wrong offsets.pdf": whole.replace(b" 00000 n", b"9 00000 n").replace(b"0000000", b"000000"),
        "no table.pdf": whole.replace(b"xref", b"xxxx"),
        "a page tree without end.pdf": pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
        "more pages than there are.pdf": whole.replace(b"/Count 1", b"/Count 2000000000"),
        "no pages.pdf": pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"),
        "an enormous page.pdf": one_page(page="/MediaBox [0 0 1e9 1e9]"),
        "a page of no size.pdf": one_page(page="/MediaBox [0 0 0 0]"),
        "a wrong length.pdf": whole.replace(b"/Length 50", b"/Length 99"),
        "a bomb.pdf": one_page(bomb, entries="/Filter /FlateDecode"),
        "filters upon filters.pdf": one_page(b"x", entries="/Filter [" + "/FlateDecode " * 5000 + "]"),
        "nested arrays.pdf": one_page(page="/MediaBox [0 0 595 842] /X " + "[" * 50_000 + "]" * 50_000),
        "a form within itself.pdf": one_page(
            b"/F Do", resources="/XObject << /F 5 0 R >>",
            more=[b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 5 >>\n"
                  b"stream\n/F Do\nendstream"]),
        "a picture that lies.pdf": one_page(
            b"595 0 0 842 0 0 cm /P Do", resources="/XObject << /P 5 0 R >>",
            more=[b"<< /Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace "
                  b"/DeviceRGB /Length 3 >>\nstream\nabc\nendstream"]),
        "encrypted by nothing known.pdf": pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>",
                                              trailer="/Root 1 0 R /Encrypt << /Filter /Standard /V 99 /R 99 >>"),
        "a script.pdf": pdf("<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
                            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"),
    }


def chunk(kind, content, length=None, check=None):
    """Of a PNG."""
    check = zlib.crc32(kind + content) if check is None else check
    return struct.pack(">I", len(content) if length is None else length) + kind + content + struct.pack(">I", check)


def png(width=40, height=40, rows=None, header=None, end=True):
    rows = zlib.compress(b"\0" * ((width + 1) * height)) if rows is None else rows
    header = header or chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + (chunk(b"IEND", b"") if end else b"")


def tiff(*entries, after=0, rest=b""):
    """One directory of (tag, type, count, value)."""
    made = b"II*\0" + struct.pack("<IH", 8, len(entries))
    for entry in entries:
        made += struct.pack("<HHII", *entry)
    return made + struct.pack("<I", after) + rest


def pictures():
    whole = png()
    jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    size = [(256, 4, 1, 40), (257, 4, 1, 40), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1), (278, 4, 1, 40)]
    return {
        "cut.png": whole[:len(whole) // 2],
        "no end.png": png(end=False),
        "a header too long.png": png(header=chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 8, 0, 0, 0, 0), length=0xFFFFFFFF)),
        "a wrong check.png": png(header=chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 8, 0, 0, 0, 0), check=1)),
        "no size.png": png(0, 0),
        "enormous.png": png(300_000, 300_000, zlib.compress(b"\0" * 1000)),
        "a bomb.png": png(20_000, 20_000, zlib.compress(b"\0" * 100_000_000, 1)),
        "no rows.png": png(rows=b""),
        "rows that are none.png": png(rows=b"not compressed at all"),
        "only a beginning.jpg": jpeg,
        "enormous.jpg": jpeg + b"\xff\xc0\0\x0b\x08\xff\xff\xff\xff\1\1\x11\0\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\0" * 100 + b"\xff\xd9",
        "segments without end.jpg": jpeg + b"\xff\xe1\xff\xff" + b"x" * 100,
        "directories in a circle.tif": tiff(*size, (273, 4, 1, 200), (279, 4, 1, 1600), after=8, rest=b"\0" * 2000),
        "strips elsewhere.tif": tiff(*size, (273, 4, 1, 0x7FFFFFFF), (279, 4, 1, 0x7FFFFFFF)),
        "more than there is.tif": tiff((256, 4, 0xFFFFFFFF, 8)),
        "no directory.tif": b"II*\0\xff\xff\xff\x7f",
        "enormous.gif": b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0\2\2L\1\0;",
        "cut.gif": b"GIF89a",
        "a wrong length.webp": b"RIFF\xff\xff\xff\x7fWEBPVP8 \xff\xff\xff\x7f" + b"\x30\1\0\x9d\1\x2a\x10\0\x10\0" + b"x" * 50,
        "cut.webp": b"RIFF\x24\0\0\0WEBP",
        "enormous.bmp": b"BM" + struct.pack("<IIIIiiHHIIIIII", 60, 0, 54, 40, 0x7FFFFFFF, 0x7FFFFFFF, 1, 24, 0, 0, 0, 0, 0, 0),
        "cut.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    }


def symbolic_link():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("link.txt")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return made.getvalue()


def within_each_other(levels):
    content = zipped({"innermost.txt": "A heron in a box.\n"})
    for level in range(levels):
        content = zipped({f"{level}.zip": content})
    return content


def archives():
    whole = zipped({"one.txt": "The first of two.\n", "two.txt": "The second of two.\n"})
    packed = gzip.compress(b"Packed text about herons.\n" * 100, mtime=0)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../outside.txt"), io.BytesIO())
    return {
        "cut.zip": whole[:len(whole) // 2],
        "no directory.zip": whole[:whole.index(b"PK\1\2")],
        "more entries than there are.zip": whole[:-14] + b"\xff\xff\xff\xff" + whole[-10:],
        "a bomb.zip": zipped({"zeros.bin": b"\0" * 100_000_000}),
        "within each other.zip": within_each_other(30),
        "names of elsewhere.zip": zipped({"../../outside.txt": "Not outside.\n", "/etc/absolute.txt": "Not there.\n"}),
        "a link.zip": symbolic_link(),
        "the same name twice.zip": whole.replace(b"two.txt", b"one.txt"),
        "a damaged entry.zip": whole[:40] + b"\xff\xff\xff\xff" + whole[44:],
        "cut.gz": packed[:len(packed) // 2],
        "a wrong check.tar": tar.getvalue()[:148] + b"7777777\0" + tar.getvalue()[156:],
        "names of elsewhere.tar": tar.getvalue(),
        "only a beginning.7z": b"7z\xbc\xaf\x27\x1c\0\4" + b"\xff" * 24,
        "only a beginning.rar": b"Rar!\x1a\x07\1\0" + b"\xff" * 24,
    }


def with_document(content):
    """A docx whose text part is this."""
    made = io.BytesIO(office_files.docx("A word about herons."))
    parts = zipfile.ZipFile(made)
    return zipped({name: content if name == "word/document.xml" else parts.read(name) for name in parts.namelist()})


def office():
    whole = office_files.docx("A word about herons.")
    word = f'<w:document xmlns:w="{office_files.WORD}"><w:body>'
    return {
        "cut.docx": whole[:len(whole) // 2],
        "not well formed.docx": with_document(word + "<w:p><w:r><w:t>A word about"),
        "laughs.docx": with_document(LAUGHS + word + "<w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"),
        "a file from here.docx": with_document(
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + word +
            "<w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"),
        "deep.docx": with_document(word + "<w:p>" * 20_000 + "</w:p>" * 20_000 + "</w:body></w:document>"),
        "a bomb.docx": with_document(word + "<w:p><w:r><w:t>" + " " * 80_000_000 + "</w:t></w:r></w:p></w:body></w:document>"),
        "no document.docx": zipped({"[Content_Types].xml": office_files.content_types("word/document.xml", "wordprocessingml.document"),
                                    "_rels/.rels": office_files.relations(("officeDocument", "word/document.xml", False))}),
        "no sheet.xlsx": zipped({"[Content_Types].xml": office_files.content_types("xl/workbook.xml", "spreadsheetml.sheet"),
                                 "_rels/.rels": office_files.relations(("officeDocument", "xl/workbook.xml", False)),
                                 "xl/workbook.xml": "<workbook"}),
        "cut.odt": office_files.open_document("text", "<text:p>A word about herons.</text:p>")[:-100],
        "only a header.doc": OLE + b"\0" * 504,
        "all ones.doc": OLE + b"\xff" * 2040,
        "sectors in a circle.xls": OLE + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6 +
        struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 1, 1, 0, 0, 0) + b"\0" * (512 - 76) + struct.pack("<128I", *[0] * 128) * 3,
        "all zeros.msg": OLE + b"\0" * 4088,
        "braces.rtf": b"{\\rtf1 " + b"{" * 100_000,
        "a wrong length.rtf": b"{\\rtf1 \\bin2147483647 x}",
    }


def mails():
    head = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Herons\r\nMIME-Version: 1.0\r\n"
    nested = b"Content-Type: text/plain\r\n\r\nThe innermost heron.\r\n"
    for level in range(200):
        nested = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) + nested + b"--b%d--\r\n" % level
    forwarded = head + b"\r\nThe first heron.\r\n"
    for _ in range(50):
        forwarded = head + b"Content-Type: message/rfc822\r\n\r\n" + forwarded
    attached = head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: application/pdf; name="a.pdf"\r\n' \
                      b"Content-Transfer-Encoding: base64\r\n\r\n"
    return {
        "no end.eml": attached + base64.encodebytes(one_page())[:300],
        "no base64.eml": attached + b"!!!! not base64 at all ????\r\n--b--\r\n",
        "nested.eml": head + nested,
        "forwarded.eml": forwarded,
        "a long line.eml": head + b"X-Long: " + b"x" * 2_000_000 + b"\r\n\r\nText.\r\n",
        "no boundary.eml": head + b"Content-Type: multipart/mixed\r\n\r\n--\r\nText.\r\n",
        "an unknown alphabet.eml": head + b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe\x80 herons\r\n",
        "only lines of From.mbox": b"From a@example.org Mon Jan  1 00:00:00 2024\n" * 300,
    }


def texts():
    return {
        "nothing but zeros.txt": b"\0" * 5000,
        "no alphabet.txt": bytes(range(128, 256)) * 40,
        "half a letter.txt": b"\xff\xfeh\0e\0r\0o\0n",
        "only a mark.txt": b"\xef\xbb\xbf",
        "one long line.txt": b"heron" * 200_000,
        "combining.txt": ("e" + "\u0301" * 200_000).encode(),
        "deep.html": b"<html><body>" + b"<div>" * 100_000,
        "unclosed.html": b"<html><script>alert(1)<style><!-- <title>heron",
        "laughs.xml": (LAUGHS + "<a>&j;</a>").encode(),
        "laughs.svg": (LAUGHS + '<svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>').encode(),
    }


def other_containers():
    """Help files and sections of OneNote, of which others are whole in the fuzzers' corpus."""
    corpus = pathlib.Path(__file__).parents[1] / "fuzz" / "corpus"
    help_file, section = (corpus / "html_help" / "plain").read_bytes(), (corpus / "onenote" / "section").read_bytes()
    first = help_file.index(b"PMGL") + 20
    return {
        "cut.chm": help_file[:len(help_file) // 2],
        "only a beginning.chm": help_file[:96],
        "names without end.chm": help_file[:first] + b"\xff" * 200 + help_file[first + 200:],
        "cut.one": section[:-20],
        "only a beginning.one": section[:16],
        "sets within each other.one": section[:1024] + struct.pack("<HII", 2, 0x44001C0B, 0x1C001C22) +
        struct.pack("<HI", 1, 0x44001C0B) * 50_000 + section[1024:],
        "counts of many.one": section[:1024] + struct.pack("<HIIII", 2, 0x40001C0A, 0x1C001C22, 1023, 0x44001C0B) * 5_000 +
        b"\0" * 4000 + section[1024:],
    }


def misnamed():
    return {
        "a document.jpg": one_page(),
        "a picture.pdf": png(),
        "a text.docx": b"Just words about herons.\n",
        "a letter.txt": office_files.docx("A word about herons."),
        "a program.pdf": b"\x7fELF\2\1\1" + b"\0" * 500,
        "an archive.eml": zipped({"one.txt": "A heron in an archive.\n"}),
        "no ending": one_page(b"BT /F1 24 Tf 72 700 Td (No name tells of egrets) Tj ET"),
        "../../etc/passwd": b"A name that leads elsewhere.\n",
        "x" * 300 + ".txt": b"A very long name.\n",
        "reversed \u202efdp.exe": b"A name that reads backwards.\n",
    }


def all_files():
    """By name."""
    files = {}
    for some in (pdfs(), pictures(), archives(), office(), mails(), texts(), other_containers(), misnamed()):
        assert not files.keys() & some.keys()
        files |= some
    return files

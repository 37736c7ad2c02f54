"""Scans of paper, drawn as PDF: pages of words and of barcodes (Code 39)."""

# Nine bars and gaps a character, n narrow and w wide.
CODE39 = {"*": "nwnnwnwnn", "A": "wnnnnwnnw", "C": "wnwnnwnnn", "H": "wnnnnwwnn", "N": "nnnnwnnww", "P": "nnwnwnnwn", "S": "nnwnnnwwn",
          "T": "nnnnwnwwn", "G": "nnnnnwwnw", "0": "nnnwwnwnn", "1": "wnnwnnnnw", "2": "nnwwnnnnw", "3": "wnwwnnnnn",
          "4": "nnnwwnnnw", "5": "wnnwwnnnn", "6": "nnwwwnnnn", "7": "nnnwnnwnw", "8": "wnnwnnwnn", "9": "nnwwnnwnn"}


def bars(text, left=60.0, bottom=560.0, height=90.0, narrow=1.6):
    """The content stream that draws a barcode."""
    drawing = ""
    for character in f"*{text}*":
        for index, kind in enumerate(CODE39[character]):
            width = narrow * (2.5 if kind == "w" else 1)
            if index % 2 == 0:
                drawing += f"{left:.2f} {bottom} {width:.2f} {height} re\n"
            left += width
        left += narrow
    return drawing + "f\n"


def words(text, top=780):
    return f"BT /F 12 Tf 60 {top} Td ({text}) Tj ET\n"


def pdf(pages):
    """A PDF of A4 pages with these content streams."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{4 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for index, content in enumerate(pages):
        objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
                       f"/Contents {5 + 2 * index} 0 R >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()

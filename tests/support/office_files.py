"""Small office files, as the tests of them make them."""

import base64
import hashlib
import io
import pathlib
import subprocess
import zipfile
import zlib
from xml.sax.saxutils import escape

from archives import zipped

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns:"


def relations(*targets):
    """Of (kind, target, whether it is elsewhere)."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">' + "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if out else ""}/>'
        for i, (kind, target, out) in enumerate(targets, 1)) + "</Relationships>"


def content_types(part, kind):
    return (f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/{part}" ContentType="application/vnd.'
            f'openxmlformats-officedocument.{kind}.main+xml"/></Types>')


def docx(*paragraphs, picture=None):
    """`picture`: the address of one that is not in the file."""
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    if picture:
        body += ('<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:100pt;height:100pt">'
                 '<v:imagedata r:id="rId1"/></v:shape></w:pict></w:r></w:p>')
    parts = {"[Content_Types].xml": content_types("word/document.xml", "wordprocessingml.document"),
             "_rels/.rels": relations(("officeDocument", "word/document.xml", False)),
             "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'}
    if picture:
        parts["word/_rels/document.xml.rels"] = relations(("image", picture, True))
    return zipped(parts)


def xlsx(*rows):
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in row) + "</row>"
                    for row in rows)
    return zipped({
        "[Content_Types].xml": content_types("xl/workbook.xml", "spreadsheetml.sheet").replace(
            "</Types>", '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/></Types>'),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml", False)),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="One" sheetId="1" '
                           'r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>'})


def open_document(kind, body, scripts="", parts=None):
    names = "".join(f' xmlns:{short}="{OPEN}{long}:1.0"' for short, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("script", "script"),
        ("svg", "svg-compatible"), ("presentation", "presentation")))
    names += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dom="http://www.w3.org/2001/xml-events"'
    names += ' xmlns:ooo="http://openoffice.org/2004/office"'
    media_type = "application/vnd.oasis.opendocument." + kind
    parts = parts or {}
    entries = "".join(f'<m:file-entry m:full-path="{name}" m:media-type="text/xml"/>' for name in ("content.xml", *parts))
    tag = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation"}[kind]
    return zipped({
        "mimetype": media_type,
        "content.xml": f'<office:document-content{names} office:version="1.3">{scripts}<office:body><office:{tag}>{body}'
                       f"</office:{tag}></office:body></office:document-content>",
        **parts,
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{OPEN}manifest:1.0" m:version="1.3"><m:file-entry '
                                 f'm:full-path="/" m:media-type="{media_type}"/>{entries}</m:manifest>'})


def odt(*paragraphs, picture=None):
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)
    if picture:
        body += (f'<text:p><draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="{picture}" '
                 'xlink:type="simple"/></draw:frame></text:p>')
    return open_document("text", body)


def odt_with_macro(text, written):
    """When its macro runs on opening, `written` stands in it instead of `text`."""
    library = "http://openoffice.org/2000/library"
    listener = ('<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" '
                'script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;'
                'location=document" xlink:type="simple"/></office:event-listeners></office:scripts>')
    return open_document("text", f"<text:p>{escape(text)}</text:p>", listener, {
        "Basic/script-lc.xml": f'<l:libraries xmlns:l="{library}"><l:library l:name="Standard" l:link="false"/>'
                               "</l:libraries>",
        "Basic/Standard/script-lb.xml": f'<l:library xmlns:l="{library}" l:name="Standard" l:readonly="false" '
                                        'l:passwordprotected="false"><l:element l:name="Module1"/></l:library>',
        "Basic/Standard/Module1.xml": '<s:module xmlns:s="http://openoffice.org/2000/script" s:name="Module1" '
                                      's:language="StarBasic">Sub Main\nThisComponent.Text.setString("' + written +
                                      '")\nEnd Sub</s:module>'})


def converted(content, extension, wanted, directory):
    """The file as LibreOffice writes it in another format; `wanted` is an extension, or one with a filter."""
    source = pathlib.Path(directory, "made." + extension)
    source.write_bytes(content)
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{directory}/profile", "--convert-to", wanted,
                    "--outdir", directory, source], check=True, capture_output=True, timeout=120)
    return source.with_suffix("." + wanted.split(":")[0]).read_bytes()


def encrypted_odt(text, password):
    """Encrypted as OpenDocument 1.2 part 3, 3.4 says: AES-256 with a key by PBKDF2 of the password's SHA-256."""
    plain = zipfile.ZipFile(io.BytesIO(odt(text))).read("content.xml").replace(b'"1.3"', b'"1.2"')
    squeeze = zlib.compressobj(wbits=-15)
    compressed = squeeze.compress(plain) + squeeze.flush()
    salt, vector = bytes(range(16)), bytes(range(16, 32))
    key = hashlib.pbkdf2_hmac("sha1", hashlib.sha256(password.encode()).digest(), salt, 1000, 32)
    padding = 16 - len(compressed) % 16
    secret = subprocess.run(["openssl", "enc", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", vector.hex()], check=True,
                            input=compressed + bytes(padding - 1) + bytes([padding]), capture_output=True).stdout

    def base64_of(some):
        return base64.b64encode(some).decode()

    names = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    manifest = (f'<m:manifest xmlns:m="{OPEN}manifest:1.0" m:version="1.2"><m:file-entry m:full-path="/" '
                'm:media-type="application/vnd.oasis.opendocument.text" m:version="1.2"/>'
                f'<m:file-entry m:full-path="content.xml" m:media-type="text/xml" m:size="{len(plain)}">'
                f'<m:encryption-data m:checksum-type="{OPEN}manifest:1.0#sha256-1k" '
                f'm:checksum="{base64_of(hashlib.sha256(compressed[:1024]).digest())}">'
                f'<m:algorithm m:algorithm-name="{names}" m:initialisation-vector="{base64_of(vector)}"/>'
                f'<m:key-derivation m:key-derivation-name="PBKDF2" m:key-size="32" m:iteration-count="1000" '
                f'm:salt="{base64_of(salt)}"/><m:start-key-generation m:start-key-generation-name='
                '"http://www.w3.org/2000/09/xmldsig#sha256" m:key-size="32"/></m:encryption-data></m:file-entry></m:manifest>')
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", secret)
        file.writestr("META-INF/manifest.xml", manifest)
    return made.getvalue()

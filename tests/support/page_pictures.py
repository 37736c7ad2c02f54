"""Pictures of pages, as a scanner would see them: PNG, grey, drawn by mutool from the PDFs of paper.py."""

import pathlib
import subprocess
import tempfile

import paper


def pictures(contents, resolution=150):
    """One PNG for each of these content streams, A4."""
    return drawn(paper.pdf(contents), resolution)


def drawn(document, resolution=150):
    """One PNG for each page of a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "pages.pdf"
        source.write_bytes(document)
        subprocess.run(["mutool", "draw", "-q", "-F", "png", "-c", "gray", "-r", str(resolution), "-o", f"{folder}/%05d.png", str(source)],
                       check=True, capture_output=True)
        return [path.read_bytes() for path in sorted(pathlib.Path(folder).glob("*.png"))]


def joined(documents):
    """One PDF of the pages of these."""
    with tempfile.TemporaryDirectory() as folder:
        sources = []
        for number, document in enumerate(documents):
            sources.append(str(pathlib.Path(folder) / f"{number}.pdf"))
            pathlib.Path(sources[-1]).write_bytes(document)
        target = pathlib.Path(folder) / "joined.pdf"
        subprocess.run(["mutool", "merge", "-o", str(target), *sources], check=True, capture_output=True)
        return target.read_bytes()

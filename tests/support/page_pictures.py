"""Pictures of pages, as a scanner would see them: PNG, grey, drawn by mutool from the PDFs of paper.py."""

import pathlib
import subprocess
import tempfile

import paper


def pictures(contents, resolution=150):
    """One PNG for each of these content streams, A4."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "pages.pdf"
        source.write_bytes(paper.pdf(contents))
        subprocess.run(["mutool", "draw", "-q", "-F", "png", "-c", "gray", "-r", str(resolution), "-o", f"{folder}/%05d.png", str(source)],
                       check=True, capture_output=True)
        return [path.read_bytes() for path in sorted(pathlib.Path(folder).glob("*.png"))]

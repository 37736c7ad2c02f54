"""Archives made on the spot."""

import io
import zipfile


def zipped(files):
    """A zip file of texts or bytes by their paths."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            # Office files begin with their type, in clear.
            archive.writestr(path, content, zipfile.ZIP_STORED if path == "mimetype" else None)
    return made.getvalue()

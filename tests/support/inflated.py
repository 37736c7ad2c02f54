"""What lies compressed in a file: frames of Zstandard, as page layers are kept, and streams of PDF."""

import ctypes
import ctypes.util
import re
import zlib

ZSTD = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
for name in ("ZSTD_decompress", "ZSTD_findFrameCompressedSize"):
    getattr(ZSTD, name).restype = ctypes.c_size_t
ZSTD.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
FRAME = b"\x28\xb5\x2f\xfd"
MOST = 16 * 1024 * 1024


def zstd_frames(data):
    for match in re.finditer(re.escape(FRAME), data):
        rest = data[match.start():]
        size = ZSTD.ZSTD_getFrameContentSize(rest, ctypes.c_size_t(len(rest)))
        length = ZSTD.ZSTD_findFrameCompressedSize(rest, ctypes.c_size_t(len(rest)))
        if size > MOST or ZSTD.ZSTD_isError(ctypes.c_size_t(length)):
            continue
        plain = ctypes.create_string_buffer(int(size))
        got = ZSTD.ZSTD_decompress(plain, ctypes.c_size_t(size), rest, ctypes.c_size_t(length))
        if got == size:
            yield plain.raw


def pdf_streams(data):
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            yield zlib.decompressobj().decompress(data[match.end():], MOST)
        except zlib.error:
            continue


def inflated(data):
    """The bytes themselves, and everything that they hold compressed."""
    yield data
    yield from zstd_frames(data)
    if data.startswith(b"%PDF-"):
        yield from pdf_streams(data)

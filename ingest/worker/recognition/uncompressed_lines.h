// Keeps libtesseract from compressing what it unpacks again at once.
#pragma once

namespace muniment::ingest::worker {

// While one exists, a picture that this thread has made into a PNG in memory by pixWriteMem() becomes a SPIX instead,
// Leptonica's format of plain pixels, which pixReadMem() reads as well. libtesseract hands each line to its network
// that way (ImageData), and nothing else: the PNGs took a fifth of the time of pages of long lines. Not to be nested.
class UncompressedLines {
 public:
  UncompressedLines();
  ~UncompressedLines();
  UncompressedLines(const UncompressedLines&) = delete;
  UncompressedLines& operator=(const UncompressedLines&) = delete;
};

}  // namespace muniment::ingest::worker

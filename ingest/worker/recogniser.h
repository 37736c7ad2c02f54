// OCR: a page's picture to its text, through Tesseract.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/page_layer.h"

struct Pix;

namespace muniment::ingest::worker {

struct RecogniseOptions {
  int resolution = 0;    // dots per inch; 0 = unknown
  std::string language;  // as in storage::PageLayer; empty = find out
};

// Loads its models once; a process forked afterwards uses them without loading again. Not thread-safe.
class Recogniser {
 public:
  // `tessdata` empty = Debian's. Throws core::Error(unavailable) for a model that is not there.
  Recogniser(const std::string& tessdata, const std::vector<std::string>& languages);
  ~Recogniser();
  // Boxes in the pixels of the upright page, which `rotation` tells how to reach.
  storage::PageLayer recognise(Pix* page, const RecogniseOptions& options);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::ingest::worker

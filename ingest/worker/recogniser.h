// OCR: a page's picture to its text, through Tesseract. docs/recognition.md tells the steps and what each is worth.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/worker/format.h"
#include "storage/page_layer.h"

struct Pix;

namespace muniment::ingest::worker {

struct RecogniseOptions {
  int resolution = 0;         // dots per inch, for the layer's units; 0 = unknown. How large letters are is measured.
  std::string language = {};  // as in storage::PageLayer; empty or not among the loaded ones = find out
  std::string expected =
      {};  // where the language is to be found out: tried first, as that of the page before; may be empty
  // What else the page's layer depends on: pages that differ in it are not taken for the same.
  std::string circumstances = {};
};

struct Recognised {
  storage::PageLayer layer;
  bool known = false;  // the layer is as the service knew it, not as it was recognised now
};

// Loads its models once; a process forked afterwards uses them without loading again. Not thread-safe.
class Recogniser {
 public:
  // `languages` as Tesseract names them; the first reads what no language is found for; none = "eng".
  // `tessdata` empty = Debian's. Throws core::Error(unavailable) for a model that is not there.
  Recogniser(const std::string& tessdata, const std::vector<std::string>& languages);
  ~Recogniser();

  const std::vector<std::string>& languages() const;

  // Any depth and orientation, dark on light. Boxes are in the pixels of the upright page, which `rotation` tells how
  // to reach. A page without marks is `blank`; one with marks but no words has source `ocr` and no lines. Unless it is
  // blank, `known` is asked first, where there is one. Throws core::Error(bad_file) when the page cannot be read, as
  // for lack of memory; can be used again afterwards.
  Recognised recognise(Pix* page, const RecogniseOptions& options, const KnownPage& known = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::ingest::worker

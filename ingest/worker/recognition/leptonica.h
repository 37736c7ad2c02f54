// Ownership of Leptonica's other objects, and silence where a failure of it is an answer. Only for .cpp files.
#pragma once

#include <memory>

#include <leptonica/allheaders.h>

namespace muniment::ingest::worker {

struct BoxesDeleter {
  void operator()(Boxa* boxes) const { boxaDestroy(&boxes); }
};
using BoxesPointer = std::unique_ptr<Boxa, BoxesDeleter>;

struct BoxDeleter {
  void operator()(Box* box) const { boxDestroy(&box); }
};
using BoxPointer = std::unique_ptr<Box, BoxDeleter>;

struct NumbersDeleter {
  void operator()(Numa* numbers) const { numaDestroy(&numbers); }
};
using NumbersPointer = std::unique_ptr<Numa, NumbersDeleter>;

// While it lives, Leptonica prints nothing: for calls that fail on ordinary pages and whose failure is handled.
class QuietLeptonica {
 public:
  QuietLeptonica() : before_(setMsgSeverity(L_SEVERITY_NONE)) {}
  ~QuietLeptonica() { setMsgSeverity(before_); }
  QuietLeptonica(const QuietLeptonica&) = delete;
  QuietLeptonica& operator=(const QuietLeptonica&) = delete;

 private:
  int before_;
};

}  // namespace muniment::ingest::worker

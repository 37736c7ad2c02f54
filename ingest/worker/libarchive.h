// What every use of libarchive shares.
#pragma once

#include <memory>

#include <archive.h>
#include <locale.h>

namespace muniment::ingest::worker {

struct FreeArchive {
  void operator()(archive* opened) const { ::archive_read_free(opened); }
};
using ArchiveHandle = std::unique_ptr<archive, FreeArchive>;

// libarchive gives names in the encoding of the thread's locale. This one is part of the C library: no file is needed.
class Utf8Names {
 public:
  Utf8Names() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = ::uselocale(locale_);
  }
  ~Utf8Names() {
    if (locale_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(locale_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

}  // namespace muniment::ingest::worker

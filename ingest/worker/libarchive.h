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

// libarchive gives names in the encoding of the thread's locale. The C library has this one in a file, so it must be
// asked for once while there is a file system.
inline locale_t utf8_locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

// While it lives, names are UTF-8 on this thread.
class Utf8Names {
 public:
  Utf8Names() : before_(::uselocale(utf8_locale())) {}
  ~Utf8Names() { ::uselocale(before_); }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t before_;
};

}  // namespace muniment::ingest::worker

// What only Outlook's programs write into mails: packed Rich Text and "winmail.dat".
#include <cstdlib>
#include <string_view>

#include "core/text.h"
#include "ingest/worker/compressed_rtf.h"
#include "ingest/worker/tnef.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment;
  using namespace muniment::ingest::worker;
  constexpr std::size_t kMost = 100'000;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (unpack_rtf(bytes, kMost).size() > kMost) std::abort();
  if (!core::is_utf8(text_of_packed_rtf(bytes))) std::abort();
  const Tnef tnef = read_tnef(bytes);
  for (const auto* text : {&tnef.subject, &tnef.from, &tnef.to, &tnef.cc, &tnef.text}) {
    if (!core::is_utf8(*text)) std::abort();
  }
  std::size_t total = 0;
  for (const auto& attachment : tnef.attachments) {
    if (!core::is_utf8(attachment.filename)) std::abort();
    total += attachment.bytes.size();
  }
  if (total > size) std::abort();
  return 0;
}

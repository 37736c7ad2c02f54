// What a client says to the listener for mail. The first byte says how large the pieces are.
#include "scanners/internal/smtp_session.h"

#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/error.h"

namespace {

using namespace muniment::scanners;

struct Outcome {
  std::string answers;
  std::string kept;
  bool operator==(const Outcome&) const = default;
};

Outcome converse(std::string_view text, std::size_t piece) {
  Outcome outcome;
  std::string coming;
  SmtpSession session({{"*@example.org"}, {}, 1000}, {[&] { coming.clear(); },
                                                      [&](std::string_view bytes) {
                                                        coming += bytes;
                                                        if (coming.size() > 1000) std::abort();
                                                      },
                                                      [&] { outcome.kept += coming + "|"; }});
  while (!text.empty() && !session.is_over()) {
    outcome.answers += session.add(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const Outcome whole = converse(text, size);
  // Where the network cuts makes no difference, and every answer is a line.
  if (converse(text, data[0] + 1U) != whole) std::abort();
  if (!whole.answers.empty() && !whole.answers.ends_with("\r\n")) std::abort();
  return 0;
}

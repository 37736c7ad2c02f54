#include "scanners/internal/mail_pattern.h"

#include "core/text.h"

namespace muniment::scanners {

namespace {

bool fits_whole(std::string_view pattern, std::string_view text) {
  // The last star and where it began to match: only that one ever has to take more.
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

bool pattern_fits(std::string_view pattern, std::string_view text) {
  const std::string folded = core::fold_case(pattern);
  const std::string subject = core::fold_case(text);
  if (folded.find('*') == std::string::npos) return subject.find(folded) != std::string::npos;
  return fits_whole(folded, subject);
}

}  // namespace muniment::scanners

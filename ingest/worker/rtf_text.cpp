// The text of Rich Text files: groups, control words and symbols are told apart, and what is not text is skipped.
#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <vector>

#include <unicode/ucnv.h>

#include "core/error.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/office_text.h"

namespace muniment::ingest::worker {

namespace {

using Converter = std::unique_ptr<UConverter, void (*)(UConverter*)>;

Converter converter_for(int code_page) {
  UErrorCode status = U_ZERO_ERROR;
  Converter found(ucnv_open(("windows-" + std::to_string(code_page)).c_str(), &status), ucnv_close);
  if (U_SUCCESS(status)) return found;
  status = U_ZERO_ERROR;
  return Converter(ucnv_open("windows-1252", &status), ucnv_close);
}

class RtfReader {
 public:
  explicit RtfReader(std::string_view bytes) : bytes_(bytes), converter_(converter_for(1252)) {
    if (converter_ == nullptr) throw core::Error(core::ErrorCode::internal, "the encoding windows-1252 is missing");
  }

  std::string read() {
    while (at_ < bytes_.size() && text_.size() < kMaxTextBytes) step();
    flush();
    return std::move(text_);
  }

 private:
  struct Group {
    bool skipped = false;
    int fallback = 1;  // characters that stand for one given by \u, in readers that do not know it
  };
  static constexpr std::size_t kDeepest = 1000;

  void step() {
    const char c = bytes_[at_++];
    if (c == '{') {
      if (groups_.size() >= kDeepest) throw core::Error(core::ErrorCode::bad_file, "the file's groups are too deep");
      groups_.push_back(groups_.back());
    } else if (c == '}') {
      if (groups_.size() > 1) groups_.pop_back();
      to_skip_ = 0;
    } else if (c == '\\') {
      control();
    } else if (c != '\r' && c != '\n') {
      byte(c);
    }
  }

  void control() {
    if (at_ >= bytes_.size()) return;
    const char first = bytes_[at_];
    if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) return word();
    ++at_;
    if (first == '\'') {
      unsigned value = 0;
      const auto digits = bytes_.substr(at_, 2);
      const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
      at_ += static_cast<std::size_t>(end - digits.data());
      byte(static_cast<char>(value));
    } else if (first == '*') {
      groups_.back().skipped = true;  // what readers may leave out
    } else if (first == '~') {
      byte(' ');
    } else if (first == '_') {
      byte('-');
    } else if (first == '\\' || first == '{' || first == '}') {
      byte(first);
    } else if (first == '\n' || first == '\r') {
      plain("\n");
    }
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < bytes_.size() && ((bytes_[at_] | 0x20) >= 'a' && (bytes_[at_] | 0x20) <= 'z')) ++at_;
    const auto name = bytes_.substr(begin, at_ - begin);
    int value = 0;
    const auto rest = bytes_.substr(at_, 11);
    const auto end = std::from_chars(rest.data(), rest.data() + rest.size(), value).ptr;
    at_ += static_cast<std::size_t>(end - rest.data());
    if (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
    obey(name, value);
  }

  void obey(std::string_view name, int value) {
    constexpr std::array<std::string_view, 12> kNoText = {"fonttbl", "colortbl",  "stylesheet", "info",
                                                          "pict",    "object",    "themedata",  "listtable",
                                                          "revtbl",  "datastore", "fldinst",    "generator"};
    if (std::ranges::find(kNoText, name) != kNoText.end()) {
      groups_.back().skipped = true;
    } else if (name == "par" || name == "line" || name == "row" || name == "page" || name == "sect") {
      plain("\n");
    } else if (name == "tab" || name == "cell") {
      plain("\t");
    } else if (name == "uc") {
      groups_.back().fallback = std::clamp(value, 0, 16);
    } else if (name == "u") {
      unicode(value < 0 ? value + 65536 : value);
    } else if (name == "bin") {
      at_ += std::min<std::size_t>(bytes_.size() - at_, static_cast<std::size_t>(std::max(0, value)));
    } else if (name == "ansicpg") {
      flush();
      converter_ = converter_for(value);
    } else if (name == "emdash" || name == "endash") {
      plain("-");
    } else if (name == "lquote" || name == "rquote") {
      plain("'");
    } else if (name == "ldblquote" || name == "rdblquote") {
      plain("\"");
    }
  }

  void byte(char c) {
    if (to_skip_ > 0) {
      --to_skip_;
    } else if (!groups_.back().skipped) {
      if (!units_.empty()) flush();
      pending_ += c;
    }
  }

  void plain(std::string_view text) {
    if (groups_.back().skipped) return;
    flush();
    text_ += text;
  }

  void unicode(int unit) {
    to_skip_ = groups_.back().fallback;
    if (groups_.back().skipped || unit < 0 || unit > 0xFFFF) return;
    if (!pending_.empty()) flush();
    units_ += static_cast<char16_t>(unit);
  }

  // Bytes wait until they are all there: a character may have two. So do the halves of a surrogate pair.
  void flush() {
    if (!units_.empty()) append(units_.data(), units_.size());
    units_.clear();
    if (pending_.empty()) return;
    UErrorCode status = U_ZERO_ERROR;
    std::u16string wide(pending_.size() * 2 + 1, u'\0');
    const auto size = ucnv_toUChars(converter_.get(), wide.data(), static_cast<std::int32_t>(wide.size()),
                                    pending_.data(), static_cast<std::int32_t>(pending_.size()), &status);
    if (U_SUCCESS(status)) append(wide.data(), static_cast<std::size_t>(size));
    pending_.clear();
  }

  void append(const char16_t* units, std::size_t count) {
    UErrorCode status = U_ZERO_ERROR;
    std::string utf8(count * 3 + 1, '\0');
    const auto size = ucnv_fromUChars(utf8_.get(), utf8.data(), static_cast<std::int32_t>(utf8.size()), units,
                                      static_cast<std::int32_t>(count), &status);
    if (U_SUCCESS(status)) text_.append(utf8, 0, static_cast<std::size_t>(size));
  }

  static Converter utf8_converter() {
    UErrorCode status = U_ZERO_ERROR;
    return Converter(ucnv_open("UTF-8", &status), ucnv_close);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::vector<Group> groups_{Group{}};
  int to_skip_ = 0;
  Converter converter_;
  Converter utf8_ = utf8_converter();
  std::string pending_;
  std::u16string units_;
  std::string text_;
};

}  // namespace

std::string rtf_text(std::string_view bytes) {
  return RtfReader(bytes).read();
}

}  // namespace muniment::ingest::worker

#include "webui/dav/headers.h"

#include <algorithm>

#include "core/text.h"
#include "webui/exchange.h"
#include "webui/tus.h"

namespace muniment::webui::dav {

namespace {

constexpr std::size_t kMostConditions = 200;
constexpr std::string_view kWhiteSpace = " \t";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// What is left to read of a header.
class Rest {
 public:
  explicit Rest(std::string_view text) : text_(text) {}

  bool at_end() {
    skip();
    return text_.empty();
  }
  bool take(char c) {
    skip();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  // A word of letters, without regard to case.
  bool take_word(std::string_view word) {
    skip();
    if (lower(text_.substr(0, word.size())) != word) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // Everything to the next `end`, which is taken too; never empty.
  std::optional<std::string> take_to(char end) {
    const auto at = text_.find(end);
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    std::string taken(text_.substr(0, at));
    text_.remove_prefix(at + 1);
    return taken;
  }

 private:
  void skip() { text_.remove_prefix(std::min(text_.find_first_not_of(kWhiteSpace), text_.size())); }
  std::string_view text_;
};

std::optional<Condition> take_condition(Rest& rest) {
  Condition condition;
  condition.negated = rest.take_word("not");
  if (rest.take('<')) {
    const auto token = rest.take_to('>');
    if (!token) return std::nullopt;
    condition.value = *token;
    return condition;
  }
  if (!rest.take('[')) return std::nullopt;
  const auto tag = rest.take_to(']');
  if (!tag) return std::nullopt;
  condition.is_token = false;
  condition.value = *tag;
  return condition;
}

bool is_good_path(std::string_view path) {
  if (!path.starts_with('/') || !core::is_utf8(path)) return false;
  if (std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) return false;
  return std::ranges::none_of(core::split(path, '/'),
                              [](std::string_view segment) { return segment == "." || segment == ".."; });
}

}  // namespace

std::optional<Depth> parse_depth(std::string_view header) {
  const std::string word = lower(core::trim(header));
  if (word == "0") return Depth::zero;
  if (word == "1") return Depth::one;
  if (word == "infinity") return Depth::infinity;
  return std::nullopt;
}

std::optional<std::vector<ConditionList>> parse_if(std::string_view header) {
  Rest rest(header);
  std::vector<ConditionList> lists;
  std::string resource;
  std::size_t count = 0;
  while (!rest.at_end()) {
    if (rest.take('<')) {
      const auto tag = rest.take_to('>');
      if (!tag) return std::nullopt;
      resource = *tag;
    }
    if (!rest.take('(')) return std::nullopt;
    ConditionList list{resource, {}};
    while (!rest.take(')')) {
      auto condition = take_condition(rest);
      if (!condition || ++count > kMostConditions) return std::nullopt;
      list.conditions.push_back(std::move(*condition));
    }
    if (list.conditions.empty()) return std::nullopt;
    lists.push_back(std::move(list));
  }
  if (lists.empty()) return std::nullopt;
  return lists;
}

std::chrono::seconds parse_timeout(std::string_view header, std::chrono::seconds most) {
  constexpr std::string_view kSecond = "second-";
  for (const std::string_view part : core::split(header, ',')) {
    const std::string wish = lower(core::trim(part));
    if (wish == "infinite") return most;
    if (!wish.starts_with(kSecond)) continue;
    const std::string_view digits = std::string_view(wish).substr(kSecond.size());
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) continue;
    const auto seconds = core::parse_integer(digits);
    // What does not fit into a number is longer than `most` in any case.
    if (!seconds || *seconds > most.count()) return most;
    return std::chrono::seconds(std::max<std::int64_t>(*seconds, 1));
  }
  return most;
}

std::optional<std::string> path_of(std::string_view uri, std::string_view host) {
  uri = core::trim(uri);
  if (!uri.starts_with('/')) {
    const auto scheme = uri.find("://");
    const std::string name = lower(uri.substr(0, scheme));
    if (scheme == std::string_view::npos || (name != "http" && name != "https")) return std::nullopt;
    uri.remove_prefix(scheme + 3);
    const auto slash = uri.find('/');
    if (slash == std::string_view::npos || lower(uri.substr(0, slash)) != lower(host)) return std::nullopt;
    uri.remove_prefix(slash);
  }
  if (uri.find('#') != std::string_view::npos) return std::nullopt;
  std::string path = percent_decoded(uri.substr(0, uri.find('?')), false);
  if (!is_good_path(path)) return std::nullopt;
  return path;
}

std::string encoded_path(std::string_view path) {
  return percent_encoded(path, "-._~/");
}

std::optional<std::string> parse_lock_token(std::string_view header) {
  Rest rest(header);
  if (!rest.take('<')) return std::nullopt;
  auto token = rest.take_to('>');
  if (!token || !rest.at_end()) return std::nullopt;
  return token;
}

std::optional<BasicCredentials> parse_basic(std::string_view header) {
  constexpr std::string_view kScheme = "basic ";
  if (lower(header.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  const auto bytes = tus::from_base64(core::trim(header.substr(kScheme.size())));
  if (!bytes || !core::is_utf8(*bytes)) return std::nullopt;
  const auto colon = bytes->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return BasicCredentials{bytes->substr(0, colon), bytes->substr(colon + 1)};
}

}  // namespace muniment::webui::dav

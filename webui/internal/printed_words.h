// What printed documents have in common: both languages of a text side by side, dates and times.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "printing/document.h"
#include "records/explanation.h"
#include "records/retention.h"

namespace muniment::webui {

class Words {
 public:
  explicit Words(records::Language language) : swedish_(language == records::Language::swedish) {}
  std::string operator()(std::string_view english, std::string_view swedish) const {
    return std::string(swedish_ ? swedish : english);
  }

  std::string action(records::Action action) const;
  std::string kind(records::RuleKind kind) const;

 private:
  bool swedish_;
};

inline std::string printed_date(const std::optional<core::Date>& date) {
  return date ? core::to_iso(*date) : std::string();
}
// To the minute, UTC.
std::string printed_time(const std::optional<core::Time>& time);
printing::DocumentHead printed_head(std::string title, core::Time made_at, bool landscape);

}  // namespace muniment::webui

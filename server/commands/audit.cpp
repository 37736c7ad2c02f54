// muniment audit export, muniment audit verify
#include "storage/audit.h"

#include <fstream>
#include <iostream>

#include "core/error.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

// Lines of the export, wherever they come from.
class LineVerifier {
 public:
  void add(std::string_view piece) {
    rest_ += piece;
    for (std::size_t end = 0; (end = rest_.find('\n')) != std::string::npos;) {
      check(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
  }
  int finish(bool as_json) {
    if (!rest_.empty()) check(rest_);
    if (as_json) {
      std::cout
          << json{{"sound", !finding_}, {"entries", verifier_.entries()}, {"finding", finding_.value_or("")}}.dump()
          << "\n";
    } else {
      std::cout << (finding_ ? *finding_ : "sound: " + std::to_string(verifier_.entries()) + " entries") << "\n";
    }
    return finding_ ? kFailed : kDone;
  }

 private:
  void check(const std::string& line) {
    if (finding_ || line.empty()) return;
    const json entry = json::parse(line, nullptr, false);
    if (!entry.is_object()) {
      finding_ = "line " + std::to_string(verifier_.entries() + 1) + " is not an audit entry";
      return;
    }
    finding_ = verifier_.add({entry.value("sequence", std::int64_t{0}), entry.value("entry", ""),
                              entry.value("hash", ""), entry.value("salt", ""), entry.value("detail", "")});
  }

  storage::AuditVerifier verifier_;
  std::optional<std::string> finding_;
  std::string rest_;
};

}  // namespace

int run_audit_export(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  archive.download("/api/v1/audit/export", [](std::string_view piece) { std::cout << piece; });
  std::cout << std::flush;
  return kDone;
}

int run_audit_verify(const Arguments& arguments) {
  LineVerifier verifier;
  if (arguments.words.empty()) {
    Archive archive(arguments.data, arguments.configuration);
    archive.download("/api/v1/audit/export", [&](std::string_view piece) { verifier.add(piece); });
    return verifier.finish(arguments.has("--json"));
  }
  std::ifstream file(arguments.words.front());
  if (!file) throw UsageError{"there is no file " + arguments.words.front()};
  for (std::string line; std::getline(file, line);) verifier.add(line + "\n");
  return verifier.finish(arguments.has("--json"));
}

}  // namespace muniment::server

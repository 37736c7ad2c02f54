// muniment sources, sources retry
#include <iostream>

#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

std::string words_of(const json& value, const std::string& otherwise) {
  return value.is_string() ? value.get<std::string>() : otherwise;
}

void tell_of_source(const json& source) {
  std::cout << source.at("state").get<std::string>() << "\t" << source.at("kind").get<std::string>() << "\t"
            << source.at("name").get<std::string>() << "\tlast: " << words_of(source.at("last_at"), "never")
            << ", in seven days: " << source.at("last_week") << ", waiting: " << source.at("waiting")
            << ", failed: " << source.at("failed") << "\n";
  if (source.at("problem").is_string()) {
    const json& since = source.at("problem_since");
    std::cout << "  " << source.at("problem").get<std::string>()
              << (since.is_string() ? " (since " + since.get<std::string>() + ")" : "") << "\n";
  }
  if (const json& side = source.at("lone_side"); side.is_object()) {
    std::cout << "  " << side.at("name").get<std::string>() << ": waits for the other side of the stack until "
              << side.at("until").get<std::string>() << "\n";
  }
  for (const json& failure : source.at("failures")) {
    std::cout << "  " << failure.at("name").get<std::string>() << ": " << failure.at("problem").get<std::string>()
              << "\n";
  }
}

}  // namespace

// A source that fails is a finding.
int run_sources(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  const std::vector<json> sources = archive.ask_all("/api/v1/admin/sources");
  bool failing = false;
  for (const json& source : sources) failing = failing || source.at("state") == "failing";
  if (arguments.has("--json")) {
    std::cout << json(sources).dump() << "\n";
  } else {
    for (const json& source : sources) tell_of_source(source);
  }
  return failing ? kFailed : kDone;
}

int run_sources_retry(const Arguments& arguments) {
  const json source{{"kind", arguments.word(0, "the kind of source, as muniment sources names it")},
                    {"name", arguments.word(1, "its name")}};
  Archive archive(arguments.data, arguments.configuration);
  archive.ask("POST", "/api/v1/admin/sources/retry", source);
  return kDone;
}

}  // namespace muniment::server

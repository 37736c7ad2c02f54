// muniment search
#include <iostream>

#include "core/error.h"
#include "core/text.h"
#include "server/archive.h"
#include "server/asking_as.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

int run_search(const Arguments& arguments) {
  arguments.word(0, "what to search for");
  const std::string query = core::joined(arguments.words, " ");
  const auto limit = arguments.number("--limit", 20, 1, 200);
  Archive archive(arguments.data, arguments.configuration);
  std::optional<AskingAs> as;
  if (const auto name = arguments.value("--as")) as.emplace(archive, *name, "search --as");
  const json answer = archive.ask("GET", "/api/v1/documents?q=" + encoded(query) + "&limit=" + std::to_string(limit),
                                  nullptr, as ? as->token() : "");
  if (arguments.has("--json")) {
    json hits = json::array();
    for (const json& item : answer.at("items")) {
      const json snippets = item.value("snippets", json::array());
      json text = "";
      json page;
      if (!snippets.empty()) {
        std::string joined;
        for (const json& part : snippets[0].at("parts")) joined += part.value("text", "");
        text = joined;
        page = snippets[0].value("page", json());
      }
      hits.push_back({{"id", item.at("id")},
                      {"title", item.at("title")},
                      {"page", page},
                      {"snippet", text},
                      {"score", item.value("score", json())}});
    }
    std::cout << json{{"total", answer.at("total")}, {"hits", hits}}.dump() << "\n";
    return kDone;
  }
  for (const json& item : answer.at("items")) {
    std::cout << item.at("id") << "  " << item.value("title", "") << "\n";
    for (const json& snippet : item.value("snippets", json::array())) {
      std::cout << "    p. " << snippet.at("page") << ": ";
      for (const json& part : snippet.at("parts")) std::cout << part.value("text", "");
      std::cout << "\n";
    }
  }
  std::cout << answer.at("total") << " documents\n";
  return kDone;
}

}  // namespace muniment::server

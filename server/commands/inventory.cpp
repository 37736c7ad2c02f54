// muniment inventory
#include <iostream>

#include "core/files.h"
#include "core/text.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

constexpr std::uint64_t kMostListBytes = 64ULL << 20;
constexpr std::size_t kCodesAtOnce = 5000;

}  // namespace

// A scanner that collects codes gives a file with one a line, in the order in which they were scanned.
int run_inventory(const Arguments& arguments) {
  const std::string& id = arguments.word(0, "the number of an inventory");
  if (!core::parse_integer(id)) throw UsageError{"\"" + id + "\" is not the number of an inventory"};
  const std::string text = core::read_file(arguments.word(1, "a text file with one code a line"), kMostListBytes);
  std::vector<std::string> codes;
  for (const std::string_view line : core::split(text, '\n')) {
    const std::string_view code = core::trim(line);
    if (!code.empty()) codes.emplace_back(code);
  }
  Archive archive(arguments.data, arguments.configuration);
  std::int64_t fresh = 0;
  json answer{{"scanned", 0}};
  for (std::size_t begin = 0; begin < codes.size(); begin += kCodesAtOnce) {
    const std::size_t end = std::min(codes.size(), begin + kCodesAtOnce);
    answer = archive.ask("POST", "/api/v1/inventories/" + id + "/scans",
                         {{"codes", std::vector<std::string>(codes.begin() + static_cast<std::ptrdiff_t>(begin),
                                                             codes.begin() + static_cast<std::ptrdiff_t>(end))}});
    fresh += answer.at("new").get<std::int64_t>();
  }
  if (arguments.has("--json")) {
    std::cout << json{{"read", codes.size()}, {"new", fresh}, {"scanned", answer.at("scanned")}}.dump() << "\n";
  } else {
    std::cout << codes.size() << " codes read, " << fresh << " of them new to this inventory\n";
  }
  return kDone;
}

}  // namespace muniment::server

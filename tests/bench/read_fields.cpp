// What the first page of each file says of the document, as the pipeline finds it:
//   read_fields MUNIMENT_EXTRACT FILE...
// Prints a JSON line a file: its title, the likeliest date, and the fields with their values.
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "ingest/extractor.h"
#include "ingest/field_extraction.h"
#include "ingest/guesses.h"

namespace {

using namespace muniment;
using nlohmann::ordered_json;

ordered_json fields_of_file(const ingest::Extractor& extractor, const std::filesystem::path& path, core::Date today) {
  const core::FileDescriptor file = core::open_for_reading(path);
  storage::PageLayer page;
  extractor.read_pages({file, core::size_of(file), path.filename().string()}, 1, 1, {},
                       {[&](ingest::FileReader::ReadPage read) { page = std::move(read.layer); }}, {});
  ordered_json json{{"file", path.filename().string()}};
  std::string invoice_number;
  json["fields"] = ordered_json::array();
  for (const storage::DocumentField& field : ingest::fields_of_page(page, 1, today)) {
    if (field.kind == storage::FieldKind::invoice_number && invoice_number.empty()) invoice_number = field.value;
    json["fields"].push_back({storage::field_kind_name(field.kind), field.value});
  }
  json["title"] = ingest::guess_title("", path.filename().string(), page, invoice_number);
  const ingest::PageOfText text{1, page.text()};
  const auto dates =
      ingest::guess_dates(std::span(&text, 1), today, page.language, ingest::labelled_dates(page, today));
  json["date"] = dates.empty() ? "" : core::to_iso(dates.front().date);
  return json;
}

int run(const std::vector<std::string>& arguments) {
  const core::SystemClock clock;
  core::Log log(clock, std::cerr, core::LogLevel::warning);
  ingest::ExtractorOptions options;
  options.program = arguments.at(0);
  options.minimum_level = ingest::SandboxLevel::limits;
  const ingest::Extractor extractor(options, log);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::cout << fields_of_file(extractor, arguments[i], core::date_of(clock.now())).dump() << std::endl;
  }
  return 0;
}

}  // namespace

int main(int count, char** values) {
  if (count < 3) {
    std::cerr << "read_fields MUNIMENT_EXTRACT FILE...\n";
    return 2;
  }
  try {
    return run({values + 1, values + count});
  } catch (const core::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}

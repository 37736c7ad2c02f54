// muniment show, muniment get
#include <fstream>
#include <iostream>

#include "core/error.h"
#include "core/files.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

std::string path_of(const Arguments& arguments) {
  const std::string& id = arguments.word(0, "the document's number");
  if (id.find_first_not_of("0123456789") != std::string::npos)
    throw UsageError{"\"" + id + "\" is not a document's number"};
  return "/api/v1/documents/" + id;
}

}  // namespace

int run_show(const Arguments& arguments) {
  arguments.at_most_one({"--json", "--text", "--page-layer"});
  const std::string path = path_of(arguments);
  Archive archive(arguments.data, arguments.configuration);
  if (arguments.has("--text")) {
    archive.download(path + "/text", [](std::string_view piece) { std::cout << piece; });
    return kDone;
  }
  const json document = archive.ask("GET", path);
  if (arguments.has("--page-layer")) {
    for (std::int64_t page = 1; page <= document.value("page_count", 0); ++page) {
      json layer = archive.ask("GET", path + "/pages/" + std::to_string(page) + "/words");
      layer["page"] = page;
      std::cout << layer.dump() << "\n";
    }
    return kDone;
  }
  if (arguments.has("--json")) {
    std::cout << document.dump() << "\n";
    return kDone;
  }
  std::cout << document.value("title", "") << "\n";
  for (const char* field :
       {"state", "filename", "media_type", "size", "page_count", "document_date", "language", "added_at"}) {
    const json value = document.value(field, json());
    if (!value.is_null())
      std::cout << "  " << field << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
  }
  return kDone;
}

int run_get(const Arguments& arguments) {
  arguments.at_most_one({"--original", "--archive"});
  const std::string path = path_of(arguments);
  const auto output = arguments.value("-o");
  if (!output) throw UsageError{"missing: -o FILE"};
  if (std::filesystem::exists(*output)) throw UsageError{*output + " exists; name a file that does not"};
  Archive archive(arguments.data, arguments.configuration);
  const std::filesystem::path target = std::filesystem::absolute(*output);
  core::TempFile file(target.parent_path());
  archive.download(path + (arguments.has("--archive") ? "/archive" : "/original"),
                   [&](std::string_view piece) { file.append(std::as_bytes(std::span(piece.data(), piece.size()))); });
  file.publish(target, core::TempFile::Existing::keep, 0644);
  return kDone;
}

}  // namespace muniment::server

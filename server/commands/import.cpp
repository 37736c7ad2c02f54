// muniment import
#include <filesystem>
#include <iostream>
#include <thread>

#include "core/error.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

namespace {

constexpr std::chrono::milliseconds kAskAgain{100};

// An import by the service that uses the data directory, which reads the files where they are.
class ImportOrder {
 public:
  ImportOrder(Archive& archive, const std::filesystem::path& source) : archive_(archive) {
    path_ = "/api/v1/archive-imports/" +
            std::to_string(archive_
                               .ask("POST", "/api/v1/local/archive-imports",
                                    {{"path", std::filesystem::absolute(source).lexically_normal().string()}})
                               .at("id")
                               .get<std::int64_t>());
  }
  // The import as it is when its job is over.
  json wait(const std::string& what) {
    Progress progress(what);
    for (;;) {
      json import = archive_.ask("GET", path_);
      const json& job = import.at("job");
      const std::string state = job.at("state");
      if (state == "done") return import;
      if (state != "queued" && state != "running") {
        const json& problem = job.at("problem");
        throw Error(ErrorCode::invalid_argument,
                    problem.is_null() ? "somebody has called it off" : problem.at("detail").get<std::string>());
      }
      if (job.at("pages") > 0) progress.at(job.at("page"), job.at("pages"));
      std::this_thread::sleep_for(kAskAgain);
    }
  }
  void start() { archive_.ask("POST", path_ + "/start"); }
  void forget() { archive_.ask("DELETE", path_); }
  std::vector<json> documents(const std::string& outcome = "") {
    return archive_.ask_all(path_ + "/documents" + (outcome.empty() ? "" : "?outcome=" + outcome));
  }

 private:
  Archive& archive_;
  std::string path_;
};

void tell_left_out(const json& preview) {
  for (const json& column : preview.at("unknown_columns")) {
    std::cerr << "not understood: the column \"" << column.get<std::string>() << "\"\n";
  }
  for (const json& what : preview.at("left_out")) std::cerr << "not taken over: " << what.get<std::string>() << "\n";
}

void tell_problems(ImportOrder& order) {
  for (const json& document : order.documents("problem")) {
    std::cerr << document.at("place").get<std::string>();
    if (document.at("file").is_string()) std::cerr << " (" << document.at("file").get<std::string>() << ")";
    std::cerr << ": " << document.at("problem").get<std::string>() << "\n";
  }
}

void tell_new(const json& preview) {
  for (const char* what : {"types", "correspondents", "tags", "folders"}) {
    const json& made = preview.at(std::string("new_") + what);
    if (made.at("count") == 0) continue;
    std::cout << "new " << what << " (" << made.at("count") << "):";
    for (const json& name : made.at("names")) std::cout << " " << name;
    std::cout << "\n";
  }
  for (const json& field : preview.at("new_fields")) {
    std::cout << "new field: " << field.at("name") << ", " << field.at("kind").get<std::string>() << "\n";
  }
}

// What --preview answers.
int tell_preview(const Arguments& arguments, ImportOrder& order, const json& import) {
  const json& preview = import.at("preview");
  const std::int64_t problems = preview.at("problems");
  if (arguments.has("--json")) {
    std::cout << preview.dump() << "\n";
  } else {
    std::cout << preview.at("documents").get<std::int64_t>() - problems << " documents can be taken in, "
              << preview.at("there_already") << " of them are there already, " << problems << " have a problem\n";
    tell_new(preview);
    tell_problems(order);
  }
  order.forget();
  return problems > 0 ? kFailed : kDone;
}

}  // namespace

int run_import(const Arguments& arguments) {
  const auto list = arguments.value("--list");
  const auto paperless = arguments.value("--paperless");
  const auto file = arguments.value("--file");
  if (list.has_value() + paperless.has_value() + file.has_value() != 1) {
    throw UsageError{"name one of --list FILE.csv, --paperless DIRECTORY and --file ARCHIVE"};
  }
  Archive archive(arguments.data, arguments.configuration);
  ImportOrder order(archive, list ? *list : paperless ? *paperless : *file);
  const json looked_over = order.wait("looked over");
  const json& preview = looked_over.at("preview");
  tell_left_out(preview);
  if (arguments.has("--preview")) return tell_preview(arguments, order, looked_over);
  if (!preview.at("unknown_columns").empty()) {
    order.forget();
    throw Error(ErrorCode::invalid_argument,
                "the list has columns that are not understood; there may be file, title, date, type, correspondent, "
                "tags, class, folder, language, serial_number, note and field.KEY");
  }
  order.start();
  const json done = order.wait("imported");
  if (arguments.has("--json")) {
    for (const json& document : order.documents()) std::cout << document.dump() << "\n";
  } else {
    tell_problems(order);
    std::cout << done.at("taken_in") << " taken in, " << done.at("there_already") << " there already, "
              << done.at("refused") << " with a problem\n";
  }
  const bool all = done.at("refused") == 0;
  order.forget();
  return all ? kDone : kFailed;
}

}  // namespace muniment::server

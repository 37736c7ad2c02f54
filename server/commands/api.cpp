// muniment api: every operation of the API
#include <fstream>
#include <iostream>
#include <map>

#include <unistd.h>

#include "core/error.h"
#include "server/api_operations.h"
#include "server/archive.h"
#include "server/asking_as.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

int list_operations() {
  std::map<std::string, std::vector<const ApiOperation*>> by_subject;
  for (const ApiOperation& operation : api_operations()) by_subject[operation.subject].push_back(&operation);
  for (const auto& [subject, operations] : by_subject) {
    std::cout << subject << "\n";
    for (const ApiOperation* each : operations) std::cout << "  " << each->id << "\n      " << each->summary << "\n";
  }
  return kDone;
}

int describe(const ApiOperation& operation) {
  std::cout << "muniment api " << operation.id << "\n  " << operation.summary << " (" << operation.method << " "
            << operation.path << ")\n";
  for (const ApiField& field : operation.fields) {
    std::cout << "\n  " << field.name << "=" << (field.required ? "   required" : "") << "\n      "
              << what_it_takes(field) << "\n";
    if (!field.description.empty()) std::cout << "      " << field.description << "\n";
  }
  return kDone;
}

void write_answer(const Archive::Answer& answer, const std::optional<std::string>& target) {
  const bool is_json = answer.media_type.starts_with("application/json");
  const std::string text = is_json ? json::parse(answer.body).dump(2) + "\n" : answer.body;
  if (!target) {
    if (!is_json && !answer.media_type.starts_with("text/") && ::isatty(STDOUT_FILENO) != 0) {
      throw UsageError{"the answer is a file (" + answer.media_type + "); name one with -o"};
    }
    std::cout << text << std::flush;
    return;
  }
  std::ofstream file(*target, std::ios::binary);
  file << text << std::flush;
  if (!file) throw core::Error(core::ErrorCode::io, "could not write " + *target);
}

}  // namespace

int run_api(const Arguments& arguments) {
  if (arguments.words.empty()) return list_operations();
  const ApiOperation* operation = find_api_operation(arguments.words.front());
  if (operation == nullptr) {
    throw UsageError{"the API has no operation \"" + arguments.words.front() +
                     "\" for the command line; see muniment api"};
  }
  if (arguments.has("--help")) return describe(*operation);
  const std::vector<std::string> words(arguments.words.begin() + 1, arguments.words.end());
  const ApiRequest request = api_request(*operation, words);
  Archive archive(arguments.data, arguments.configuration);
  std::optional<AskingAs> as;
  if (const auto name = arguments.value("--as")) as.emplace(archive, *name, "api --as");
  const std::string token = as ? as->token() : "";
  std::string etag;
  if (const auto version = arguments.value("--version")) {
    etag = "\"" + *version + "\"";
  } else if (operation->needs_version) {
    const auto now = archive.send("GET", filled_path(versioned_path(*operation), words), "", token);
    Archive::require_success(now);
    etag = now.etag;
  }
  const auto answer = archive.send(request.method, request.path, request.body, token, etag, request.content_type);
  Archive::require_success(answer);
  if (!answer.body.empty()) write_answer(answer, arguments.value("-o"));
  return kDone;
}

}  // namespace muniment::server

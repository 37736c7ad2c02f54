// muniment transfer package, receipt, cancel, export, import
#include "records/transfer.h"

#include <algorithm>
#include <fstream>
#include <iostream>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "core/text.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using nlohmann::json;

namespace {

std::string number_word(const Arguments& arguments, std::size_t at, const char* what) {
  const std::string& word = arguments.word(at, what);
  if (!core::parse_integer(word)) throw UsageError{"\"" + word + "\" is not " + what};
  return word;
}

std::vector<std::int64_t> numbers(const Arguments& arguments, std::string_view option) {
  std::vector<std::int64_t> all;
  for (const std::string& word : arguments.values(option)) {
    const auto number = core::parse_integer(word);
    if (!number || *number < 1) throw UsageError{std::string(option) + " takes the number of one"};
    all.push_back(*number);
  }
  return all;
}

// Into a file that is there only when all of it is.
void download_to(Archive& archive, const std::string& path, const std::string& file, const std::string& method = "GET",
                 const json& body = nullptr) {
  const fs::path target = fs::absolute(file);
  core::TempFile part(target.parent_path());
  archive.download(
      path, [&](std::string_view piece) { part.append(std::as_bytes(std::span(piece))); }, method, body);
  part.publish(target, core::TempFile::Existing::replace, 0640);
}

std::string required(const Arguments& arguments, std::string_view option) {
  const auto value = arguments.value(option);
  if (!value) throw UsageError{"missing: " + std::string(option)};
  return *value;
}

// A change of the batch as it is now.
json change(Archive& archive, const std::string& batch, const std::string& what, const json& body) {
  const json now = archive.ask("GET", "/api/v1/dispositions/" + batch);
  return archive.change("POST", "/api/v1/dispositions/" + batch + "/" + what, body, now.at("version"));
}

}  // namespace

int run_transfer_package(const Arguments& arguments) {
  const std::string batch = number_word(arguments, 0, "the number of a batch");
  const std::string file = required(arguments, "-o");
  Archive archive(arguments.data, arguments.configuration);
  download_to(archive, "/api/v1/dispositions/" + batch + "/package", file);
  return kDone;
}

int run_transfer_receipt(const Arguments& arguments) {
  const std::string batch = number_word(arguments, 0, "the number of a batch");
  json body = json::object();
  if (arguments.words.size() > 1) {
    body["receipt"] = json::parse(core::read_file(arguments.words[1], records::kMostReceiptBytes), nullptr, false);
    if (!body["receipt"].is_object()) throw Error(ErrorCode::invalid_argument, arguments.words[1] + " is no receipt");
  } else {
    body["package_sha256"] = required(arguments, "--sha256");
  }
  if (const auto name = arguments.value("--from")) body["received_by"] = *name;
  if (const auto day = arguments.value("--on")) body["received_on"] = *day;
  if (const auto note = arguments.value("--note")) body["note"] = *note;
  if (arguments.has("--document")) body["document"] = arguments.number("--document", 0, 1, INT64_MAX);
  Archive archive(arguments.data, arguments.configuration);
  const json answer = change(archive, batch, "receipt", body);
  if (arguments.has("--json")) {
    std::cout << answer.dump() << "\n";
  } else {
    std::cout << "recorded: received by " << answer.at("receipt").value("received_by", "") << " on "
              << answer.at("receipt").value("received_on", "") << "\n";
  }
  return kDone;
}

int run_transfer_cancel(const Arguments& arguments) {
  const std::string batch = number_word(arguments, 0, "the number of a batch");
  const std::string reason = required(arguments, "--reason");
  Archive archive(arguments.data, arguments.configuration);
  change(archive, batch, "cancel", {{"reason", reason}});
  return kDone;
}

int run_transfer_export(const Arguments& arguments) {
  json body{{"documents", numbers(arguments, "--document")},
            {"folders", numbers(arguments, "--folder")},
            {"classes", numbers(arguments, "--class")}};
  if (std::all_of(body.begin(), body.end(), [](const json& named) { return named.empty(); })) {
    throw UsageError{"missing: --document, --folder or --class"};
  }
  if (const auto title = arguments.value("--title")) body["title"] = *title;
  if (arguments.has("-o") == arguments.has("--directory")) throw UsageError{"give either -o or --directory"};
  Archive archive(arguments.data, arguments.configuration);
  if (const auto directory = arguments.value("--directory")) {
    body["directory"] = fs::absolute(*directory).string();
    archive.ask("POST", "/api/v1/local/exports", body);
  } else {
    download_to(archive, "/api/v1/exports", required(arguments, "-o"), "POST", body);
  }
  return kDone;
}

int run_transfer_import(const Arguments& arguments) {
  const fs::path package = fs::absolute(arguments.word(0, "the package"));
  if (!fs::exists(package)) throw UsageError{"there is no " + package.string()};
  Archive archive(arguments.data, arguments.configuration);
  const json answer = archive.ask("POST", "/api/v1/local/imports", {{"path", package.string()}});
  const json& receipt = answer.at("receipt");
  if (const auto file = arguments.value("-o")) core::write_durably(fs::absolute(*file), receipt.dump(2) + "\n");
  if (arguments.has("--json")) {
    std::cout << receipt.dump() << "\n";
    return kDone;
  }
  std::size_t known = 0, unfiled = 0, shortened = 0;
  for (const json& document : receipt.at("documents")) {
    if (document.value("outcome", "") == "duplicate") {
      ++known;
    } else if (!document.value("filed", false)) {
      ++unfiled;
    }
    if (!document.at("shortened").empty()) ++shortened;
  }
  std::cout << receipt.at("documents").size() - known << " taken in, " << known << " there already";
  if (unfiled > 0) std::cout << "; " << unfiled << " of them in the inbox, because their class is not here";
  if (shortened > 0) std::cout << "; of " << shortened << " something was too long: a note tells it whole";
  std::cout << "\n";
  return kDone;
}

}  // namespace muniment::server

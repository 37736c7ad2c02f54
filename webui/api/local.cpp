// For the command line of the machine's owner: files that are here already need not travel through HTTP.
#include "core/error.h"
#include "core/files.h"
#include "core/priority.h"
#include "storage/serial_numbers.h"
#include "webui/api/api.h"
#include "webui/arrival.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

constexpr std::size_t kMostPaths = 512;

void accept_files(Call& call, Api& api) {
  // Only who may read the data directory knows the local token; for anybody else there is no such resource.
  if (!call.who.is_system()) throw Error(ErrorCode::not_found, "there is no such thing");
  Fields body = Fields::of(call.http);
  const std::vector<std::string> paths = body.texts("paths");
  storage::NewDocument described;  // the same for all of them
  described.source = "command";
  described.language = body.maybe_text("language").value_or("");
  described.type_id = body.maybe_number("type");
  described.correspondent_id = body.maybe_number("correspondent");
  described.class_id = body.maybe_number("class");
  described.folder_id = body.maybe_number("folder");
  if (body.has("tags")) described.tag_ids = body.numbers("tags");
  described.title = body.maybe_text("title").value_or("");
  described.date = body.nullable_date("document_date").value_or(std::nullopt);
  const auto serial_number = body.maybe_number("serial_number");
  if (serial_number && (*serial_number < 0 || *serial_number > storage::kLargestSerialNumber)) {
    throw Error(ErrorCode::invalid_argument, "a serial number is between 0 and 4294967295",
                {{"/serial_number", "must be between 0 and 4294967295"}});
  }
  body.finish();
  require_language(api.options.languages, described.language);
  if (paths.empty() || paths.size() > kMostPaths) {
    throw Error(ErrorCode::invalid_argument, "name 1 to 512 files at once", {{"/paths", "must have 1 to 512 entries"}});
  }
  struct Open {
    core::FileDescriptor file;
    std::uint64_t offset = 0;
  };
  std::vector<Open> files(paths.size());
  std::vector<std::string> problems(paths.size());
  std::vector<ingest::Intake::BatchItem> items;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    try {
      files[i].file = core::open_for_reading(paths[i]);
    } catch (const Error& error) {
      problems[i] = error.message();
      continue;
    }
    ingest::Intake::BatchItem item;
    item.arrival.document = described;
    item.arrival.document.filename = paths[i];
    item.arrival.priority = storage::kBulk;
    if (serial_number) {
      item.arrival.with = [number = *serial_number](storage::Transaction& tx, const ingest::Receipt& receipt) {
        storage::record_serial_label(tx, receipt.document_id, "", number);
      };
    }
    item.source = [&file = files[i]](std::span<std::byte> buffer) {
      const std::size_t got = core::read_at(file.file, file.offset, buffer);
      file.offset += got;
      return got;
    };
    items.push_back(std::move(item));
    places.push_back(i);
  }
  std::vector<ingest::Intake::BatchOutcome> outcomes;
  core::run_giving_way([&] { outcomes = api.services.intake.accept_batch(call.who, std::move(items)); });
  std::vector<Json> answers(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    answers[i] = {{"path", paths[i]},   {"id", Json()},      {"job", Json()},
                  {"duplicate", false}, {"in_trash", false}, {"problem", problems[i]}};
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Json& answer = answers[places[i]];
    if (const auto* error = std::get_if<Error>(&outcomes[i])) {
      answer["problem"] = error->message();
      continue;
    }
    const auto& receipt = std::get<ingest::Receipt>(outcomes[i]);
    answer["id"] = receipt.document_id;
    answer["job"] = nullable(receipt.job_id);
    answer["duplicate"] = receipt.duplicate;
    answer["in_trash"] = receipt.in_trash;
  }
  send_json(call.http, 202, {{"items", answers}});
}

}  // namespace

void add_local(Router& router, Api& api) {
  router.add("POST", "/api/v1/local/documents", Permission::capture, [&api](Call& call) { accept_files(call, api); });
}

}  // namespace muniment::webui::api

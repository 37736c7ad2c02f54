// Transfer: the package of a batch and its receipt, packages made as copies, packages of other archives taken in.
#include <set>

#include "core/error.h"
#include "core/files.h"
#include "records/file_plan.h"
#include "records/report.h"
#include "records/tombstones.h"
#include "records/transfer.h"
#include "webui/api/api.h"
#include "webui/download.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

constexpr std::size_t kBeside = 64 * 1024;  // what may stand around a receipt
constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kPageOfDocuments = 1000;

Json package_json(const records::HandedOver& package) {
  return {{"id", package.package_id},
          {"sha256", package.hash.hex()},
          {"size", package.size},
          {"files", package.files},
          {"made_at", core::to_rfc3339(package.made_at)},
          {"removed_at", time_json(package.removed_at)}};
}

Json receipt_json(const records::RecordedReceipt& receipt) {
  return {{"received_by", receipt.received_by},
          {"received_on", core::to_iso(receipt.received_on)},
          {"files_compared", receipt.files_compared},
          {"note", receipt.note},
          {"document", nullable(receipt.document_id)},
          {"recorded_at", core::to_rfc3339(receipt.recorded_at)},
          {"recorded_by", person_json(receipt.recorded_by, receipt.recorded_by_name)}};
}

void send_transfer(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto batch = records::find_batch(session, call.number("id"));
  if (!batch) throw Error(ErrorCode::not_found, "there is no such batch");
  const auto package = records::find_package(session, batch->id);
  const auto receipt = records::find_receipt(session, batch->id);
  send_versioned(call.http, 200, batch->version,
                 {{"batch", batch->id},
                  {"package", package ? package_json(*package) : Json()},
                  {"receipt", receipt ? receipt_json(*receipt) : Json()}});
}

void send_package(Call& call, Api& api) {
  const std::int64_t id = call.number("id");
  const core::FileDescriptor file = api.services.disposal.open_package(call.who, id);
  std::string hash, name;
  {
    auto tx = api.services.database.begin(call.who.actor());
    const auto package = records::find_package(tx, id).value();
    hash = package.hash.hex();
    name = package.package_id + ".zip";
    tx.audit({"disposition.package_fetched", "disposition", id});
    tx.commit();
  }
  send_download(call.http, file, {"application/zip", name, hash});
}

core::Sha256 hash_field(const std::string& text) {
  const auto hash = core::Sha256::from_hex(text);
  if (!hash) {
    throw Error(ErrorCode::invalid_argument, "package_sha256 must be 64 hexadecimal digits",
                {{"/package_sha256", "must be 64 hexadecimal digits"}});
  }
  return *hash;
}

// A receipt may name more files than an ordinary body has room for.
records::Receipt receipt_of(Call& call, core::Date today) {
  if (!call.http.header("Content-Type").value_or("").starts_with("application/json")) {
    throw Error(ErrorCode::unsupported_type, "send the receipt as application/json");
  }
  nlohmann::json body = parse_body(call.http.read_all(records::kMostReceiptBytes + kBeside));
  records::Receipt receipt;
  const bool made_by_program = body.contains("receipt");
  if (made_by_program) {
    receipt = records::parse_receipt(body["receipt"].dump(-1, ' ', false, Json::error_handler_t::replace));
    body.erase("receipt");
  }
  Fields fields(body.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!made_by_program) {
    receipt.package_hash = hash_field(fields.text("package_sha256"));
    receipt.received_on = today;
  }
  if (const auto name = fields.maybe_text("received_by")) receipt.received_by = *name;
  if (const auto day = fields.nullable_date("received_on"); day && *day) receipt.received_on = **day;
  receipt.note = fields.maybe_text("note").value_or("");
  receipt.document_id = fields.maybe_number("document");
  fields.finish();
  return receipt;
}

core::Date today_of(Api& api) {
  auto session = api.services.database.read();
  return records::today(session, api.services.clock.now());
}

void record_receipt(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  const core::Date today = today_of(api);
  api.services.disposal.record_receipt(call.who, call.number("id"), version, receipt_of(call, today), today);
  send_transfer(call, api);
}

void cancel_transfer(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const std::string reason = body.text("reason");
  body.finish();
  api.services.disposal.cancel_transfer(call.who, call.number("id"), version, reason);
  send_transfer(call, api);
}

struct Chosen {
  std::vector<std::int64_t> documents;
  std::vector<std::int64_t> destroyed;  // where they come from
  std::string title;
};

void add_documents(storage::Session& session, const storage::Principal& who, const storage::DocumentFilter& filter,
                   std::set<std::int64_t>& documents) {
  for (std::size_t offset = 0;; offset += kPageOfDocuments) {
    const auto page =
        storage::list_documents(session, who, filter, storage::DocumentOrder::oldest_first, offset, kPageOfDocuments);
    documents.insert(page.ids.begin(), page.ids.end());
    if (page.ids.size() < kPageOfDocuments || documents.size() > records::kLargestBatch) return;
  }
}

// Those that the query of a list finds, where there is one.
std::vector<std::int64_t> queried(Call& call, Api& api, Fields& body) {
  const bool everything = body.maybe_truth("everything").value_or(false);
  const SearchRequest request = request_of(call);
  if (request.query.empty() && request.filters.empty() && !everything) return {};
  return found_by(call, api, request, records::kLargestBatch);
}

// The documents that were found or are named, and those in the classes, what is below them included, and folders that
// are.
Chosen chosen(Call& call, Api& api, Fields& body, const std::vector<std::int64_t>& found) {
  Chosen all;
  all.title = body.maybe_text("title").value_or("");
  const auto named = [&](const char* what) {
    return body.has(what) ? body.numbers(what) : std::vector<std::int64_t>();
  };
  const auto named_documents = named("documents");
  std::set<std::int64_t> documents(named_documents.begin(), named_documents.end());
  documents.insert(found.begin(), found.end());
  const auto folders = named("folders");
  const auto classes = named("classes");
  auto session = api.services.database.read();
  storage::DocumentFilter filter;
  for (const std::int64_t folder : folders) {
    filter.folder_id = folder;
    add_documents(session, call.who, filter, documents);
  }
  filter.folder_id.reset();
  for (const std::int64_t node : classes) {
    for (const std::int64_t below : records::class_and_below(session, node)) {
      filter.class_id = below;
      add_documents(session, call.who, filter, documents);
    }
  }
  all.documents.assign(documents.begin(), documents.end());
  all.destroyed = records::destroyed_in(session, call.who, classes, folders);
  return all;
}

void send_export(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const Chosen what = chosen(call, api, body, queried(call, api, body));
  body.finish();
  const core::TempFile file = api.services.disposal.new_package_file();
  const auto target = records::zip_target(file.descriptor());
  const auto package =
      api.services.disposal.export_package(call.who, what.documents, what.title, *target, what.destroyed);
  call.http.set_header("Content-Disposition", attachment_named(package.id + ".zip"));
  call.http.set_header("Cache-Control", "private, no-store");
  call.http.send_file(200, "application/zip", file.descriptor(), 0, core::size_of(file.descriptor()));
}

void write_export(Call& call, Api& api) {
  if (!call.who.is_system()) throw Error(ErrorCode::not_found, "there is no such thing");
  Fields body = Fields::of(call.http);
  const Chosen what = chosen(call, api, body, {});
  const std::string directory = body.text("directory");
  body.finish();
  const auto target = records::folder_target(directory);
  const auto package =
      api.services.disposal.export_package(call.who, what.documents, what.title, *target, what.destroyed);
  send_json(call.http, 201, {{"id", package.id}, {"files", package.files.size()}, {"directory", directory}});
}

void send_import(Call& call, const ingest::PackageImport::Result& result) {
  const std::string path = "/api/v1/imports/" + std::to_string(result.import_id);
  call.http.set_header("Location", path);
  send_json(call.http, 201, {{"id", result.import_id}, {"receipt", Json::parse(result.receipt)}});
}

void take_in(Call& call, Api& api) {
  if (call.http.header("Content-Type").value_or("") != "application/zip") {
    throw Error(ErrorCode::unsupported_type, "send the package as application/zip");
  }
  const auto require_room = [&](std::uint64_t bytes) {
    const core::DiskSpace space = core::disk_space(api.services.blobs.temp_directory());
    if (space.free_bytes < bytes + api.services.intake.options().free_floor(space.total_bytes)) {
      throw Error(ErrorCode::storage_full, "the archive's disk is too full for this package; free some space first");
    }
  };
  // Twice: the package and what comes out of it.
  require_room(call.http.content_length().value_or(0) * 2);
  core::TempFile file = api.services.blobs.new_file();
  std::vector<std::byte> buffer(kPiece);
  while (const std::size_t got = call.http.read(buffer)) {
    file.append(std::span(buffer).first(got));
    require_room(got);
  }
  send_import(call, api.services.package_import.take_in(call.who, file.descriptor()));
}

void take_in_local(Call& call, Api& api) {
  if (!call.who.is_system()) throw Error(ErrorCode::not_found, "there is no such thing");
  Fields body = Fields::of(call.http);
  const std::filesystem::path path = body.text("path");
  body.finish();
  if (std::filesystem::is_directory(path)) {
    send_import(call, api.services.package_import.take_in_folder(call.who, path, api.services.blobs.new_file()));
    return;
  }
  send_import(call, api.services.package_import.take_in(call.who, core::open_for_reading(path)));
}

Json import_json(const records::Import& one) {
  return {{"id", one.id},
          {"package", one.package_id},
          {"sha256", one.hash.hex()},
          {"imported_at", core::to_rfc3339(one.imported_at)},
          {"imported_by", person_json(one.imported_by, one.imported_by_name)}};
}

void send_import_receipt(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto one = records::find_import(session, call.number("id"));
  if (!one) throw Error(ErrorCode::not_found, "there is no such import");
  call.http.set_header("Content-Disposition", attachment_named("receipt-" + one->package_id + ".json"));
  call.http.set_header("Cache-Control", "private, no-store");
  call.http.send(200, "application/json", one->receipt);
}

}  // namespace

void add_transfers(Router& router, Api& api) {
  const std::string batch = "/api/v1/dispositions/{id}";
  const auto add = [&](const char* method, const std::string& pattern, Needs needs, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  add("GET", batch + "/transfer", kOfBatches, send_transfer);
  add("GET", batch + "/package", Permission::propose_disposition, send_package);
  add("POST", batch + "/receipt", Permission::propose_disposition, record_receipt);
  add("POST", batch + "/cancel", Permission::propose_disposition, cancel_transfer);
  add("POST", "/api/v1/exports", Permission::transfer_records, send_export);
  add("POST", "/api/v1/local/exports", Permission::transfer_records, write_export);
  add("POST", "/api/v1/imports", Permission::transfer_records, take_in);
  add("POST", "/api/v1/local/imports", Permission::transfer_records, take_in_local);
  router.add("GET", "/api/v1/imports", Permission::transfer_records, [&api](Call& call) {
    auto session = api.services.database.read();
    const Window window = window_of(call);
    const std::int64_t total = records::import_count(session);
    Json items = Json::array();
    for (const auto& one : records::list_imports(session, window.offset, window.limit)) {
      items.push_back(import_json(one));
    }
    send_list(call, window, std::move(items), static_cast<std::int64_t>(window.offset + window.limit) < total, total);
  });
  add("GET", "/api/v1/imports/{id}/receipt", Permission::transfer_records, send_import_receipt);
}

}  // namespace muniment::webui::api

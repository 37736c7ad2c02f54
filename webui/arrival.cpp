#include "webui/arrival.h"

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "webui/answered_once.h"
#include "webui/api/api.h"
#include "webui/multipart.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

[[noreturn]] void refuse(std::string_view field, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, std::string(field) + " " + right, {{"/" + std::string(field), right}});
}

std::int64_t identifier(std::string_view field, std::string_view value) {
  const auto number = core::parse_integer(core::trim(value));
  if (!number || *number <= 0) refuse(field, "must be an identifier, a whole number from 1");
  return *number;
}

// Of what a form's parts hold, in order, whatever its boundary.
class FormDigest {
 public:
  void begin(const MultipartReader::Part& part) {
    end();
    for (const std::string& text : {part.name, part.filename.value_or("")})
      add_text(std::to_string(text.size()) + ":" + text);
  }
  void add(std::span<const std::byte> bytes) { content_.add(bytes); }
  void add(std::string_view text) { add(std::as_bytes(std::span(text))); }
  std::string finish() {
    end();
    return whole_.finish().hex();
  }

 private:
  void add_text(std::string_view text) { whole_.add(std::as_bytes(std::span(text))); }
  void end() { add_text(content_.finish().hex()); }

  core::Sha256Stream whole_;
  core::Sha256Stream content_;
};

struct Answer {
  int status;
  std::string location;
  api::Json body;
};

Answer answer_of(const Call& call, storage::Session& session, const ingest::Receipt& receipt) {
  if (!receipt.duplicate) {
    return {202,
            "/api/v1/jobs/" + std::to_string(receipt.job_id.value()),
            {{"id", receipt.document_id}, {"job", receipt.job_id.value()}}};
  }
  const auto document = storage::find_document(session, call.who, receipt.document_id);
  return {200,
          "/api/v1/documents/" + std::to_string(receipt.document_id),
          {{"id", receipt.document_id},
           {"duplicate_of", receipt.document_id},
           {"in_trash", receipt.in_trash},
           {"title", document ? document->title : ""}}};
}

}  // namespace

void ArrivalFields::take(std::string_view name, std::string_view value) {
  if (!given_.emplace(name).second && name != "tag") {
    throw Error(ErrorCode::bad_request, "the form has the field \"" + core::to_utf8(name) + "\" twice; send it once",
                {{core::to_utf8("/" + std::string(name)), "is there twice"}});
  }
  if (name == "title") {
    if (value.size() > 500 || !core::is_utf8(value)) refuse(name, "must be UTF-8 of at most 500 bytes");
    document_.title = value;
  } else if (name == "document_date") {
    document_.date = core::parse_iso_date(value);
    if (!document_.date) refuse(name, "must be a date like 2026-11-24");
  } else if (name == "language") {
    document_.language = value;
  } else if (name == "type") {
    document_.type_id = identifier(name, value);
  } else if (name == "correspondent") {
    document_.correspondent_id = identifier(name, value);
  } else if (name == "tag") {
    document_.tag_ids.push_back(identifier(name, value));
  } else if (name == "tags") {
    for (const std::string_view one : core::split(value, ',')) document_.tag_ids.push_back(identifier(name, one));
  } else if (name == "class") {
    document_.class_id = identifier(name, value);
  } else if (name == "folder") {
    document_.folder_id = identifier(name, value);
  } else if (name == "keep_duplicate") {
    if (value != "true" && value != "false") refuse(name, "must be true or false");
    keep_duplicate_ = value == "true";
  } else {
    refuse(core::to_utf8(name), "is not known here");
  }
}

void require_language(const std::vector<std::string>& enabled, std::string_view language) {
  if (language.empty() || std::find(enabled.begin(), enabled.end(), language) != enabled.end()) return;
  refuse("language", "must be one of " + core::joined(enabled, ", ") + " (reading.languages)");
}

FormFile receive_form(const WebServices& services, Call& call,
                      const std::function<void(std::string_view name, std::string_view value)>& take) {
  const auto boundary = multipart_boundary(call.http.header("Content-Type").value_or(""));
  if (!boundary) throw Error(ErrorCode::unsupported_type, "send the file as multipart/form-data, in a part named file");
  services.intake.require_room(call.who, call.http.content_length().value_or(0));
  const std::uint64_t most = services.intake.most_for(call.who);
  MultipartReader form(*boundary, [&](std::span<std::byte> buffer) { return call.http.read(buffer); });
  std::optional<FormFile> received;
  FormDigest digest;
  while (const auto part = form.next()) {
    digest.begin(*part);
    if (part->name != "file") {
      const std::string text = form.read_text(kLongestFormField);
      digest.add(text);
      take(part->name, text);
      continue;
    }
    if (received)
      throw Error(ErrorCode::invalid_argument, "one file a request, please", {{"/file", "must occur once"}});
    received = FormFile{services.blobs.new_file(), part->filename.value_or("")};
    std::vector<std::byte> buffer(64 * 1024);
    while (const std::size_t got = form.read(buffer)) {
      core::TempFile& file = received->file;
      file.append(std::span(buffer).first(got));
      if (call.once) digest.add(std::span(buffer).first(got));
      if (file.size() > most) services.intake.require_room(call.who, file.size());
    }
  }
  if (!received) throw Error(ErrorCode::invalid_argument, "the form has no file", {{"/file", "is required"}});
  if (call.once) call.once->add_form(digest.finish());
  return std::move(*received);
}

std::string digest_of_form(const WebServices& services, Call& call) {
  MultipartReader form(multipart_boundary(call.http.header("Content-Type").value_or("")).value(),
                       [&](std::span<std::byte> buffer) { return call.http.read(buffer); });
  FormDigest digest;
  std::vector<std::byte> buffer(64 * 1024);
  while (const auto part = form.next()) {
    digest.begin(*part);
    std::uint64_t size = 0;
    while (const std::size_t got = form.read(buffer)) {
      digest.add(std::span(buffer).first(got));
      size += got;
      if (size > services.intake.options().max_file_bytes) services.intake.require_room(size);
    }
  }
  return digest.finish();
}

ingest::Receipt accept_file(const WebServices& services, const Call& call, const ArrivalFields& fields,
                            const std::filesystem::path& file,
                            std::function<void(storage::Transaction& tx, const ingest::Receipt& receipt)> with) {
  ingest::Arrival arrival;
  arrival.with = std::move(with);
  arrival.document = fields.document();
  arrival.keep_duplicate = fields.keep_duplicate();
  const bool by_page = !call.session_cookie.empty();
  arrival.document.source = by_page ? "upload" : call.who.is_system() ? "command" : "api";
  // Somebody at the page waits for it; programs send many.
  arrival.priority = by_page ? storage::kInteractive : storage::kBulk;
  if (arrival.document.folder_id || arrival.document.class_id) {
    auto session = services.database.read();
    storage::require_may_file_in(session, call.who, arrival.document.folder_id, arrival.document.class_id,
                                 storage::Permission::capture);
  }
  return services.intake.accept_file(call.who, std::move(arrival), file);
}

std::function<void(storage::Transaction& tx, const ingest::Receipt& receipt)> answering_once(const Call& call) {
  if (!call.once) return {};
  return [&call](storage::Transaction& tx, const ingest::Receipt& receipt) {
    const Answer answer = answer_of(call, tx, receipt);
    call.once->answer_in(tx, answer.status, answer.location,
                         answer.body.dump(-1, ' ', false, api::Json::error_handler_t::replace));
  };
}

void send_receipt(Call& call, storage::Session& session, const ingest::Receipt& receipt) {
  const Answer answer = answer_of(call, session, receipt);
  call.http.set_header("Location", answer.location);
  api::send_json(call.http, answer.status, answer.body);
}

}  // namespace muniment::webui

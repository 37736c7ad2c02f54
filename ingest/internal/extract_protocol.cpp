#include "ingest/internal/extract_protocol.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/text.h"
#include "ingest/internal/wire_format.h"

namespace muniment::ingest {

using wire::kMaxText;
using wire::malformed;
using wire::Reader;
using wire::Writer;

namespace {

constexpr std::size_t kMaxAttempts = 64;
constexpr std::size_t kMaxListed = 200;   // tags or notes of one document
constexpr std::size_t kMaxNote = 20'000;  // bytes: what a note may have here
constexpr std::size_t kMaxHeaders = 8;    // of a mail
constexpr std::size_t kMaxHeader = 2048;  // bytes of one
constexpr std::uint32_t kMaxPages = 1'000'000;
constexpr std::size_t kHashBytes = sizeof(core::Sha256::bytes);

void write(Writer& out, const Inspection& inspection) {
  out.text(core::cut(inspection.media_type, kMaxText))
      .number(static_cast<std::uint8_t>(inspection.kind))
      .number(inspection.page_count)
      .boolean(inspection.encrypted)
      .boolean(inspection.needs_password)
      .boolean(inspection.has_signature)
      .boolean(inspection.repaired)
      .text(core::cut(inspection.title, kMaxText))
      .text(core::cut(inspection.author, kMaxText))
      .boolean(inspection.created.has_value())
      .number(inspection.created ? core::to_microseconds(*inspection.created) : std::int64_t{0});
  out.number(static_cast<std::uint32_t>(std::min(inspection.headers.size(), kMaxHeaders)));
  for (std::size_t i = 0; i < std::min(inspection.headers.size(), kMaxHeaders); ++i) {
    out.text(core::cut(inspection.headers[i].name, kMaxHeader))
        .text(core::cut(inspection.headers[i].value, kMaxHeader));
  }
  out.text(inspection.written ? core::to_iso(*inspection.written) : "").boolean(inspection.has_members);
}

bool is_media_type(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/.+-").find(c) != std::string_view::npos;
  };
  return text.size() <= 100 && std::count(text.begin(), text.end(), '/') == 1 && std::ranges::all_of(text, allowed);
}

Inspection read_inspection(Reader& in) {
  Inspection inspection;
  inspection.media_type = in.text(kMaxText);
  if (!is_media_type(inspection.media_type)) malformed("not a media type");
  const auto kind = in.number<std::uint8_t>();
  if (kind > static_cast<std::uint8_t>(FileKind::office)) malformed("unknown kind of file");
  inspection.kind = static_cast<FileKind>(kind);
  inspection.page_count = in.number_between(0, kMaxPages);
  inspection.encrypted = in.boolean();
  inspection.needs_password = in.boolean();
  inspection.has_signature = in.boolean();
  inspection.repaired = in.boolean();
  inspection.title = in.shown_text();
  inspection.author = in.shown_text();
  const bool dated = in.boolean();
  const auto created = in.number<std::int64_t>();
  constexpr std::int64_t kMostMicroseconds = 253'402'300'800'000'000;  // the year 10000
  if (dated && (created < -kMostMicroseconds || created > kMostMicroseconds)) malformed("date out of range");
  if (dated) inspection.created = core::from_microseconds(created);
  const auto headers = in.number<std::uint32_t>();
  if (headers > kMaxHeaders) malformed("too many headers");
  for (std::uint32_t i = 0; i < headers; ++i) {
    std::string name = in.shown_text();
    inspection.headers.push_back({std::move(name), in.shown_text()});
  }
  if (const std::string written = in.text(kMaxText); !written.empty()) {
    inspection.written = core::parse_iso_date(written);
    if (!inspection.written) malformed("not a date");
  }
  inspection.has_members = in.boolean();
  return inspection;
}

// What consists of texts; `texts_of` says which.
template <typename One, typename TextsOf>
void encode_listed(Writer& out, const std::vector<One>& list, const TextsOf& texts_of, std::size_t most = kMaxText) {
  const std::size_t size = std::min(list.size(), kMaxListed);
  out.number(static_cast<std::uint32_t>(size));
  for (std::size_t i = 0; i < size; ++i) {
    for (const std::string* text : texts_of(list[i])) out.text(core::cut(*text, most));
  }
}

template <typename One, typename TextsOf>
void decode_listed(Reader& in, std::vector<One>& list, const TextsOf& texts_of, std::size_t most = kMaxText) {
  const auto size = in.number<std::uint32_t>();
  if (size > kMaxListed) malformed("list too long");
  for (std::uint32_t i = 0; i < size; ++i) {
    for (std::string* text : texts_of(list.emplace_back())) *text = in.shown_text(most);
  }
}

// `texts_of` where each is a text.
constexpr auto kTheText = [](auto& one) { return std::array{&one}; };

// What a document has so many of that the rest does not come along, in words.
std::string left_out(const ListedDocument& document) {
  std::string words;
  const auto count = [&](std::size_t size, std::size_t most, std::string_view what) {
    if (size <= most) return;
    words += (words.empty() ? "Left out: of " : "; of ") + std::to_string(size) + " " + std::string(what) +
             " there, all after the first " + std::to_string(most);
  };
  count(document.tags.size(), kMaxListed, "tags");
  count(document.fields.size(), kMaxListed, "fields");
  count(document.events.size(), kMaxListed, "events");
  count(document.relations.size(), kMaxListed, "relations");
  for (const ListedVersion& version : document.versions) {
    count(version.labels.size(), kMaxListed, "labels of a version");
  }
  for (const std::string& note : document.notes) count(note.size(), kMaxNote, "bytes of a note");
  // What is left out is one more.
  const bool is_full = document.notes.size() >= kMaxListed && (!words.empty() || document.notes.size() > kMaxListed);
  if (is_full) count(document.notes.size(), kMaxListed - 1, "notes");
  return words;
}

}  // namespace

bool Request::operator==(const Request& other) const {
  return encode(*this) == encode(other);
}

std::string encode(const Request& request) {
  Writer out;
  out.number(static_cast<std::uint8_t>(request.task)).number(static_cast<std::uint32_t>(request.files.size()));
  for (const auto& file : request.files) out.number(file.size).text(file.filename);
  out.boolean(request.password.has_value()).text(request.password.value_or(""));
  out.number(request.first).number(request.count);
  out.text(request.read.language).boolean(request.read.force_ocr).boolean(request.read.barcodes);
  out.number(request.render.width).number(request.render.rotation);
  out.number(static_cast<std::uint32_t>(request.pages.size()));
  for (const PageChoice& page : request.pages) out.number(page.file).number(page.page).number(page.turn);
  out.number(request.members.depth).number(request.members.count);
  out.number(request.members.bytes).number(request.members.ratio).boolean(request.members.checked_first);
  out.number(request.memory_bytes).number(request.output_bytes).number(request.cpu_seconds);
  return out.take();
}

Request decode_request(std::string_view bytes) {
  Reader in(bytes);
  Request request;
  const auto task = in.number<std::uint8_t>();
  if (task < 1 || task > static_cast<std::uint8_t>(Task::add_notes)) malformed("unknown task");
  request.task = static_cast<Task>(task);
  const auto files = in.number<std::uint32_t>();
  if (files == 0 || files > kMaxFilesPerRequest) malformed("number of files");
  for (std::uint32_t i = 0; i < files; ++i) {
    RequestFile file;
    file.size = in.number<std::uint64_t>();
    file.filename = in.text(kMaxText);
    request.files.push_back(std::move(file));
  }
  const bool has_password = in.boolean();
  std::string password = in.text(kMaxText);
  if (has_password) request.password = std::move(password);
  request.first = in.number<std::int32_t>();
  request.count = in.number<std::int32_t>();
  request.read.language = in.text(kMaxText);
  request.read.force_ocr = in.boolean();
  request.read.barcodes = in.boolean();
  request.render.width = in.number<std::int32_t>();
  request.render.rotation = in.number<std::int32_t>();
  const auto pages = in.number<std::uint32_t>();
  if (pages > kMaxChosenPages) malformed("number of pages");
  for (std::uint32_t i = 0; i < pages; ++i) {
    PageChoice page;
    page.file = in.number<std::uint32_t>();
    page.page = in.number<std::int32_t>();
    page.turn = in.number<std::int32_t>();
    request.pages.push_back(page);
  }
  request.members.depth = in.number<std::uint32_t>();
  request.members.count = in.number<std::uint32_t>();
  request.members.bytes = in.number<std::uint64_t>();
  request.members.ratio = in.number<std::uint32_t>();
  request.members.checked_first = in.boolean();
  request.memory_bytes = in.number<std::uint64_t>();
  request.output_bytes = in.number<std::uint64_t>();
  request.cpu_seconds = in.number<std::uint32_t>();
  in.end();
  return request;
}

std::size_t max_body_bytes(MessageKind kind) {
  switch (kind) {
    case MessageKind::ready:
      return 64 * 1024;
    case MessageKind::started:
    case MessageKind::opened:
      return 0;
    case MessageKind::exited:
      return 4;
    case MessageKind::inspection:
      return 48 * 1024;
    case MessageKind::page:
      return storage::kMaxLayerBytes + 16 + kHashBytes + kMaxText;
    case MessageKind::picture:
      return 32 * 1024 * 1024;
    case MessageKind::need_layer:
      return 4;
    case MessageKind::layer:
      return storage::kMaxLayerBytes;
    case MessageKind::archive:
      return 1;
    case MessageKind::text_file:
      return 56 * 1024;
    case MessageKind::failure:
      return 16 * 1024;
    case MessageKind::done:
      return 0;
    case MessageKind::listed_file:
    case MessageKind::package:
    case MessageKind::file_begins:
      return 16 * 1024;
    case MessageKind::listed_document:
      return 16 * 1024 * 1024;
    case MessageKind::file_bytes:
      return kMaxPieceBytes;
    case MessageKind::need_known:
      return kHashBytes;
  }
  return 0;
}

std::string encode(const Inspection& inspection) {
  Writer out;
  write(out, inspection);
  return out.take();
}

Inspection decode_inspection(std::string_view body) {
  Reader in(body);
  Inspection inspection = read_inspection(in);
  in.end();
  return inspection;
}

std::string encode(const PageMessage& page) {
  Writer out;
  out.number(page.number).text(page.layer).text(page.picture ? encode(*page.picture) : "");
  out.text(core::cut(page.problem, kMaxText));
  return out.take();
}

PageMessage decode_page(std::string_view body) {
  Reader in(body);
  PageMessage page;
  page.number = in.number_between(1, kMaxPages);
  page.layer = in.text(storage::kMaxLayerBytes);
  if (const std::string picture = in.text(kHashBytes); !picture.empty()) page.picture = decode_hash(picture);
  page.problem = in.shown_text();
  in.end();
  return page;
}

std::string encode(const TextFileMessage& file) {
  Writer out;
  out.number(file.index);
  write(out, file.inspection);
  out.text(core::cut(file.problem, kMaxText));
  return out.take();
}

TextFileMessage decode_text_file(std::string_view body) {
  Reader in(body);
  TextFileMessage file;
  file.index = in.number<std::uint32_t>();
  if (file.index >= kMaxFilesPerRequest) malformed("number of a file");
  file.inspection = read_inspection(in);
  file.problem = in.shown_text();
  in.end();
  return file;
}

std::string encode(const FailureMessage& failure) {
  Writer out;
  out.text(core::code_name(failure.code)).text(core::cut(failure.message, kMaxText));
  out.text(core::cut(failure.cause, kMaxText));
  return out.take();
}

FailureMessage decode_failure(std::string_view body) {
  using core::ErrorCode;
  constexpr std::array kReportable = {ErrorCode::bad_file, ErrorCode::password_needed, ErrorCode::too_large,
                                      ErrorCode::unsupported_type, ErrorCode::invalid_argument};
  Reader in(body);
  FailureMessage failure;
  const std::string code = in.text(kMaxText);
  const auto* found = std::ranges::find(kReportable, code, core::code_name);
  failure.code = found == kReportable.end() ? ErrorCode::bad_file : *found;
  failure.message = in.shown_text();
  failure.cause = in.shown_text();
  in.end();
  return failure;
}

std::string encode(const SandboxReport& report) {
  Writer out;
  out.number(static_cast<std::uint8_t>(report.level)).number(static_cast<std::uint32_t>(report.attempts.size()));
  for (const auto& attempt : report.attempts) out.text(attempt.name).boolean(attempt.blocked).text(attempt.outcome);
  return out.take();
}

SandboxReport decode_report(std::string_view body) {
  Reader in(body);
  SandboxReport report;
  const auto level = in.number<std::uint8_t>();
  if (level > static_cast<std::uint8_t>(SandboxLevel::complete)) malformed("unknown sandbox level");
  report.level = static_cast<SandboxLevel>(level);
  const auto attempts = in.number<std::uint32_t>();
  if (attempts > kMaxAttempts) malformed("too many attempts");
  for (std::uint32_t i = 0; i < attempts; ++i) {
    SandboxReport::Attempt attempt;
    attempt.name = in.shown_text();
    attempt.blocked = in.boolean();
    attempt.outcome = in.shown_text();
    report.attempts.push_back(std::move(attempt));
  }
  in.end();
  return report;
}

std::string encode(const ListedFile& file) {
  Writer out;
  out.text(core::cut(file.path, kMaxText)).text(file.hash.hex()).number(file.size);
  return out.take();
}

ListedFile decode_listed_file(std::string_view body) {
  Reader in(body);
  ListedFile file;
  file.path = in.shown_text();
  const auto hash = core::Sha256::from_hex(in.text(kMaxText));
  if (!hash) malformed("not a hash");
  file.hash = *hash;
  file.size = in.number<std::uint64_t>();
  in.end();
  return file;
}

std::string encode(const ListedDocument& listed) {
  ListedDocument document = listed;
  if (const std::string words = left_out(listed); !words.empty()) {
    document.notes.insert(document.notes.begin(), words + ".");
  }
  Writer out;
  for (const std::string* text :
       {&document.id, &document.path, &document.filename, &document.title, &document.date, &document.class_code,
        &document.class_title, &document.folder, &document.correspondent, &document.type, &document.language,
        &document.public_title, &document.public_folder, &document.captured}) {
    out.text(core::cut(*text, kMaxText));
  }
  encode_listed(out, document.tags, kTheText);
  encode_listed(out, document.notes, kTheText, kMaxNote);
  encode_listed(out, document.fields, [](const ListedField& one) {
    return std::array{&one.key, &one.name, &one.kind, &one.value};
  });
  encode_listed(out, document.events, [](const ListedEvent& one) { return std::array{&one.name, &one.date}; });
  encode_listed(out, document.relations, [](const ListedRelation& one) {
    return std::array{&one.kind, &one.document};
  });
  out.number(static_cast<std::uint32_t>(document.versions.size()));
  for (const ListedVersion& version : document.versions) {
    for (const std::string* text : {&version.path, &version.filename, &version.created, &version.comment}) {
      out.text(core::cut(*text, kMaxText));
    }
    encode_listed(out, version.labels, kTheText);
  }
  return out.take();
}

ListedDocument decode_listed_document(std::string_view body) {
  Reader in(body);
  ListedDocument document;
  for (std::string* text :
       {&document.id, &document.path, &document.filename, &document.title, &document.date, &document.class_code,
        &document.class_title, &document.folder, &document.correspondent, &document.type, &document.language,
        &document.public_title, &document.public_folder, &document.captured}) {
    *text = in.shown_text();
  }
  decode_listed(in, document.tags, kTheText);
  decode_listed(in, document.notes, kTheText, kMaxNote);
  decode_listed(in, document.fields, [](ListedField& one) {
    return std::array{&one.key, &one.name, &one.kind, &one.value};
  });
  decode_listed(in, document.events, [](ListedEvent& one) { return std::array{&one.name, &one.date}; });
  decode_listed(in, document.relations, [](ListedRelation& one) { return std::array{&one.kind, &one.document}; });
  const auto versions = in.number<std::uint32_t>();
  if (versions > kMostVersions) malformed("too many versions");
  for (std::uint32_t i = 0; i < versions; ++i) {
    ListedVersion& version = document.versions.emplace_back();
    for (std::string* text : {&version.path, &version.filename, &version.created, &version.comment}) {
      *text = in.shown_text();
    }
    decode_listed(in, version.labels, kTheText);
  }
  in.end();
  return document;
}

std::string encode(std::int32_t number) {
  return Writer().number(number).take();
}

std::int32_t decode_number(std::string_view body) {
  Reader in(body);
  const auto number = in.number<std::int32_t>();
  in.end();
  return number;
}

std::string encode(const core::Sha256& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

core::Sha256 decode_hash(std::string_view body) {
  core::Sha256 hash;
  if (body.size() != hash.bytes.size()) malformed("a hash of another length");
  std::memcpy(hash.bytes.data(), body.data(), body.size());
  return hash;
}

}  // namespace muniment::ingest

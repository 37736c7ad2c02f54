#include "ingest/extractor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/internal/extract_call.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/internal/office_process.h"
#include "ingest/internal/warm_process.h"
#include "ingest/office_types.h"

namespace muniment::ingest {

namespace {

using core::Error;
using core::ErrorCode;

std::string level_name(SandboxLevel level) {
  return "S" + std::to_string(static_cast<int>(level));
}

Error nonsense(const char* what) {
  return Error(ErrorCode::bad_file, "the file makes its reader answer nonsense").because(what);
}

// Runs a decoder on what a child sent.
template <typename Decode>
auto decoded(Decode decode, std::string_view body) {
  try {
    return decode(body);
  } catch (const Error& error) {
    throw nonsense(error.what());
  }
}

// More files than this are not taken in at once; the reader itself allows fewer (ingest/worker/package.h).
constexpr std::size_t kMaxPackageFiles = 200'000;

// A package is read at 16 MiB a second at least.
std::int64_t steps_of(const Source& package) {
  constexpr unsigned kBytesAStep = 31;  // 2 GiB
  return 1 + static_cast<std::int64_t>(package.size >> kBytesAStep);
}

// Files as a child sends them.
void give_files(ExtractCall& call,
                const std::function<void(const std::string& path, const FileReader::Bytes& bytes)>& each) {
  while (const auto begin = call.next()) {
    if (begin->kind != MessageKind::file_begins) throw nonsense("unexpected kind of message");
    std::string piece;
    std::size_t given = 0;
    bool over = false;
    const auto bytes = [&](std::span<std::byte> buffer) -> std::size_t {
      while (!over && given == piece.size()) {
        piece = call.expect(MessageKind::file_bytes).body;
        given = 0;
        over = piece.empty();
      }
      const std::size_t count = std::min(buffer.size(), piece.size() - given);
      std::memcpy(buffer.data(), piece.data() + given, count);
      given += count;
      return count;
    };
    each(core::to_utf8(begin->body), bytes);
    std::vector<std::byte> rest(kMaxPieceBytes);
    while (bytes(rest) > 0) continue;
  }
}

RequestFile described(const Source& source) {
  constexpr std::size_t kMaxName = 255;
  return {source.size, source.filename.substr(0, kMaxName)};
}

}  // namespace

// What all calls share.
class Extractor::Calls {
 public:
  Calls(ExtractorOptions options, core::Log& log)
      : log_(log), options_(std::move(options)), process_(options_, log), office_(options_, log) {}

  OfficeProcess& office() { return office_; }
  SandboxReport sandbox() const { return process_.connection()->report; }

  Request request(Task task, const Source& source) const {
    Request request;
    request.task = task;
    request.files.push_back(described(source));
    request.password = source.password;
    return request;
  }

  // Error(unavailable) when the program does not run, or in a sandbox that is too weak.
  std::shared_ptr<const WarmProcess::Connection> safe_connection() const {
    auto connection = process_.connection();
    if (connection->report.level < options_.minimum_level) {
      throw Error(ErrorCode::unavailable, "awaiting safe processing: the sandbox reaches level " +
                                              level_name(connection->report.level) + " here, and " +
                                              level_name(options_.minimum_level) + " is required (sandbox.minimum)");
    }
    return connection;
  }

  // `steps` is how many pages or files the call may take the page deadline for.
  ExtractCall start(Request request, std::span<const int> descriptors, std::int64_t steps, std::stop_token stop) const {
    auto connection = safe_connection();
    request.memory_bytes = options_.memory_bytes;
    request.output_bytes = options_.output_bytes;
    const std::int64_t seconds = std::max<std::int64_t>(1, options_.page_deadline.count() / 1000) * (steps + 1);
    request.cpu_seconds =
        static_cast<std::uint32_t>(std::min<std::int64_t>(seconds, std::numeric_limits<std::int32_t>::max()));
    return ExtractCall(std::move(connection), request, descriptors, options_.page_deadline, std::move(stop));
  }

  // To the PDF of its pages. What is wrong with the notes is no reason to do without the slides.
  void add_notes(const Source& presentation, const core::FileDescriptor& pages, std::stop_token stop) const {
    const std::uint64_t size = core::size_of(pages);
    Request with_pages = request(Task::add_notes, presentation);
    with_pages.files.push_back({size, ""});
    const int files[] = {presentation.file.get(), pages.get(), pages.get()};
    try {
      ExtractCall call = start(std::move(with_pages), files, 1, std::move(stop));
      if (call.next()) throw nonsense("unexpected kind of message");
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::unavailable) throw;
      log_.warning("speaker_notes_left_out", {{"code", core::code_name(error.code())}});
      if (::ftruncate(pages.get(), static_cast<off_t>(size)) != 0) throw core::system_error("shorten a file", errno);
    }
  }

 private:
  core::Log& log_;
  const ExtractorOptions options_;
  const WarmProcess process_;
  OfficeProcess office_;
};

Extractor::Extractor(ExtractorOptions options, core::Log& log)
    : calls_(std::make_unique<Calls>(std::move(options), log)) {}

Extractor::~Extractor() = default;

SandboxReport Extractor::sandbox() const {
  return calls_->sandbox();
}

std::string Extractor::unavailable_reason() const {
  try {
    calls_->safe_connection();
    return "";
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    return error.message();
  }
}

Inspection Extractor::inspect(const Source& source, std::stop_token stop) const {
  const int file = source.file.get();
  ExtractCall call = calls_->start(calls_->request(Task::inspect, source), std::span(&file, 1), 1, std::move(stop));
  return decoded(decode_inspection, call.expect(MessageKind::inspection).body);
}

void Extractor::read_pages(const Source& source, std::int32_t first, std::int32_t count, const ReadOptions& options,
                           const PageTaker& pages, std::stop_token stop) const {
  if (first < 1 || count < 1) throw Error(ErrorCode::invalid_argument, "first and count must be at least 1");
  Request request = calls_->request(Task::read_pages, source);
  request.first = first;
  request.count = count;
  request.read = options;
  const int file = source.file.get();
  ExtractCall call = calls_->start(std::move(request), std::span(&file, 1), count, std::move(stop));
  std::int64_t expected = first;
  std::optional<core::Sha256> asked_for;  // by the page in hand
  call.expect(MessageKind::opened);
  if (pages.opened) pages.opened();
  while (const auto message = call.next()) {
    if (message->kind == MessageKind::need_known) {
      if (asked_for) throw nonsense("one page asks twice");
      asked_for = decoded(decode_hash, message->body);
      const auto layer = pages.known ? pages.known(*asked_for) : std::nullopt;
      call.send_layer(layer ? storage::encode(*layer) : "");
      continue;
    }
    if (message->kind != MessageKind::page) throw nonsense("unexpected kind of message");
    const auto page = decoded(decode_page, message->body);
    if (page.number != expected || expected >= std::int64_t{first} + count) throw nonsense("unexpected page");
    if (page.picture != std::exchange(asked_for, std::nullopt)) throw nonsense("another picture than was asked for");
    ++expected;
    pages.take({page.number, decoded(storage::decode_page_layer, page.layer), page.picture, page.problem});
  }
}

std::vector<Extractor::TextFile> Extractor::read_text_files(std::span<const Source> sources,
                                                            std::stop_token stop) const {
  std::vector<TextFile> results(sources.size());
  std::size_t done = 0;
  while (done < sources.size()) done += read_text_batch(sources.subspan(done), std::span(results).subspan(done), stop);
  return results;
}

std::size_t Extractor::read_text_batch(std::span<const Source> sources, std::span<TextFile> results,
                                       std::stop_token stop) const {
  const std::size_t size = std::min(sources.size(), kMaxFilesPerRequest);
  Request request;
  request.task = Task::read_text_files;
  request.count = kMaxTextFilePages;
  std::vector<int> files;
  for (const auto& source : sources.first(size)) {
    request.files.push_back(described(source));
    files.push_back(source.file.get());
  }
  ExtractCall call = calls_->start(std::move(request), files, static_cast<std::int64_t>(size), stop);
  std::size_t finished = 0;
  try {
    std::vector<storage::PageLayer> pages;
    while (const auto message = call.next()) {
      if (message->kind == MessageKind::page) {
        if (pages.size() >= kMaxTextFilePages) throw nonsense("too many pages");
        pages.push_back(decoded(storage::decode_page_layer, decoded(decode_page, message->body).layer));
        continue;
      }
      if (message->kind != MessageKind::text_file) throw nonsense("unexpected kind of message");
      auto file = decoded(decode_text_file, message->body);
      if (file.index != finished || finished >= size) throw nonsense("unexpected file");
      const bool complete = file.problem.empty();
      results[finished++] = {std::move(file.inspection), complete ? std::exchange(pages, {}) : decltype(pages){},
                             std::move(file.problem)};
      pages.clear();
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::unavailable) throw;
    // The file in hand is the one that did it; those after it get another child.
    if (finished < size) results[finished++].problem = error.message();
  }
  if (finished == 0) throw nonsense("no file was read");
  return finished;
}

std::string Extractor::render_page(const Source& source, std::int32_t page, const RenderOptions& options,
                                   std::stop_token stop) const {
  if (options.width < 16 || options.width > 4000) {
    throw Error(ErrorCode::invalid_argument, "width must be between 16 and 4000 pixels");
  }
  if (options.rotation % 90 != 0 || options.rotation < 0 || options.rotation > 270) {
    throw Error(ErrorCode::invalid_argument, "rotation must be 0, 90, 180 or 270");
  }
  Request request = calls_->request(Task::render, source);
  request.first = page;
  request.render = options;
  const int file = source.file.get();
  ExtractCall call = calls_->start(std::move(request), std::span(&file, 1), 1, std::move(stop));
  return call.expect(MessageKind::picture).body;
}

void Extractor::write_pages(const Source& source, std::string_view media_type, const core::FileDescriptor& output,
                            std::stop_token stop) const {
  const OfficeType* type = find_office_type(media_type);
  if (type == nullptr) throw Error(ErrorCode::invalid_argument, "this is no office file");
  if (calls_->office().usable()) {
    calls_->office().convert(source, type->extension, output, stop);
    if (type->extension == "pptx" || type->extension == "pptm" || type->extension == "odp") {
      calls_->add_notes(source, output, stop);
    }
  } else {
    write_archive(
        source, [](std::int32_t) { return std::nullopt; }, output, stop);
  }
}

Extractor::Archive Extractor::write_archive(const Source& source, const LayerSupplier& layers,
                                            const core::FileDescriptor& output, std::stop_token stop) const {
  constexpr std::int64_t kAssumedPages = 1000;
  const int files[] = {source.file.get(), output.get()};
  ExtractCall call = calls_->start(calls_->request(Task::write_archive, source), files, kAssumedPages, std::move(stop));
  std::int32_t last = 0;
  for (;;) {
    const auto message = call.next();
    if (!message) throw nonsense("the archive never ended");
    if (message->kind == MessageKind::archive) {
      return message->body == std::string_view("\1") ? Archive::written : Archive::original_is_enough;
    }
    if (message->kind != MessageKind::need_layer) throw nonsense("unexpected kind of message");
    const auto number = decoded(decode_number, message->body);
    if (number <= last) throw nonsense("unexpected page");
    last = number;
    const auto layer = layers(number);
    call.send_layer(layer ? storage::encode(*layer) : "");
  }
}

void Extractor::assemble(std::span<const Source> files, std::span<const PageChoice> pages,
                         const core::FileDescriptor& output, std::stop_token stop) const {
  if (files.empty() || pages.empty()) throw Error(ErrorCode::invalid_argument, "a document needs pages");
  if (files.size() > kMaxChosenFiles || pages.size() > kMaxChosenPages) {
    throw Error(ErrorCode::too_large, "at most " + std::to_string(kMaxChosenPages) + " pages of " +
                                          std::to_string(kMaxChosenFiles) + " documents can be put together at once");
  }
  Request request;
  request.task = Task::assemble;
  request.pages.assign(pages.begin(), pages.end());
  std::vector<int> descriptors;
  for (const Source& file : files) {
    request.files.push_back(described(file));
    descriptors.push_back(file.file.get());
  }
  descriptors.push_back(output.get());
  ExtractCall call =
      calls_->start(std::move(request), descriptors, static_cast<std::int64_t>(pages.size()), std::move(stop));
  if (call.next()) throw nonsense("unexpected kind of message");
}

PackageListing Extractor::read_package(const Source& package, std::stop_token stop) const {
  const int file = package.file.get();
  ExtractCall call = calls_->start(calls_->request(Task::read_package, package), std::span(&file, 1), steps_of(package),
                                   std::move(stop));
  PackageListing listing;
  std::set<std::string> paths, taken;
  while (const auto message = call.next()) {
    switch (message->kind) {
      case MessageKind::listed_file:
        listing.files.push_back(decoded(decode_listed_file, message->body));
        if (!paths.insert(listing.files.back().path).second) throw nonsense("a file twice");
        break;
      case MessageKind::listed_document:
        listing.documents.push_back(decoded(decode_listed_document, message->body));
        if (!paths.contains(listing.documents.back().path) || !taken.insert(listing.documents.back().path).second) {
          throw nonsense("a document without a file of its own");
        }
        for (const ListedVersion& version : listing.documents.back().versions) {
          const bool last = &version == &listing.documents.back().versions.back();
          if (last != (version.path == listing.documents.back().path) || !paths.contains(version.path) ||
              (!last && !taken.insert(version.path).second)) {
            throw nonsense("a version without a file of its own");
          }
        }
        break;
      case MessageKind::package:
        listing.id = core::to_utf8(message->body);
        break;
      default:
        throw nonsense("unexpected kind of message");
    }
    if (listing.files.size() > kMaxPackageFiles || listing.documents.size() > kMaxPackageFiles) {
      throw nonsense("too many files");
    }
  }
  if (listing.id.empty()) throw nonsense("no package");
  return listing;
}

void Extractor::unpack(const Source& package, const EachFile& each, std::stop_token stop) const {
  const int file = package.file.get();
  ExtractCall call =
      calls_->start(calls_->request(Task::unpack, package), std::span(&file, 1), steps_of(package), std::move(stop));
  give_files(call, each);
}

void Extractor::read_members(const Source& source, const MemberLimits& limits, const EachMember& each,
                             std::stop_token stop) const {
  const int file = source.file.get();
  Request request = calls_->request(Task::read_members, source);
  request.members = limits;
  ExtractCall call = calls_->start(std::move(request), std::span(&file, 1), steps_of(source), std::move(stop));
  std::uint32_t count = 0;
  give_files(call, [&](const std::string& path, const FileReader::Bytes& bytes) {
    if (++count > limits.count) throw nonsense("too many files");
    each(path, bytes);
  });
}

}  // namespace muniment::ingest

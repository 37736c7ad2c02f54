#include "ingest/worker/child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <deque>
#include <new>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/complaints.h"
#include "ingest/worker/package.h"
#include "ingest/worker/page_notes.h"
#include "ingest/worker/pdf_assembly.h"
#include "ingest/worker/recogniser.h"
#include "ingest/worker/recognition/language.h"
#include "ingest/worker/speaker_notes.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;

// A file's bytes, mapped.
class Mapping {
 public:
  Mapping(const core::FileDescriptor& file, std::uint64_t size) : size_(size) {
    if (size == 0) return;
    address_ = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (address_ == MAP_FAILED) throw core::system_error("map a file", errno);
  }
  ~Mapping() {
    if (size_ > 0) ::munmap(address_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(address_), size_}; }

 private:
  void* address_ = nullptr;
  std::uint64_t size_;
};

class Child {
 public:
  Child(const Assignment& assignment, const Tools& tools, std::span<const Format* const> formats,
        Complaints& complaints)
      : assignment_(assignment),
        request_(assignment.request),
        tools_(tools),
        formats_(formats),
        complaints_(complaints) {}

  void run() {
    switch (request_.task) {
      case Task::inspect:
        inspect();
        break;
      case Task::read_pages:
        read_pages();
        break;
      case Task::read_text_files:
        read_text_files();
        break;
      case Task::render:
        render();
        break;
      case Task::write_archive:
        write_archive();
        break;
      case Task::read_package:
        read_package();
        break;
      case Task::unpack:
        unpack();
        break;
      case Task::assemble:
        assemble();
        break;
      case Task::read_members:
        read_members();
        break;
      case Task::add_notes:
        add_notes();
        break;
    }
  }

  void send(MessageKind kind, std::string_view body) {
    if (!send_message(assignment_.reply.get(), kind, body)) ::_exit(0);  // nobody waits for it any more
  }

 private:
  Input input(std::size_t index, const Mapping& mapping) const {
    return {mapping.bytes(), request_.files[index].filename, request_.password};
  }

  // Nothing for a file of a kind that is not read.
  std::unique_ptr<Document> open(const Input& file, std::string_view& media_type) const {
    for (const Format* format : formats_) {
      media_type = format->recognise(file);
      if (!media_type.empty()) return format->open(file, media_type, tools_);
    }
    media_type = media_type_of_other(file.bytes);
    return nullptr;
  }

  std::unique_ptr<Document> open_readable(const Input& file) const {
    std::string_view media_type;
    auto document = open(file, media_type);
    if (document == nullptr) {
      throw Error(ErrorCode::unsupported_type, "files of the type " + std::string(media_type) + " are not read");
    }
    return document;
  }

  Inspection inspection_of(const Input& file, std::unique_ptr<Document>& document) const {
    std::string_view media_type;
    try {
      document = open(file, media_type);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::password_needed) throw;
      Inspection locked;
      locked.media_type = media_type;
      locked.kind = FileKind::pdf;
      locked.encrypted = true;
      locked.needs_password = true;
      return locked;
    }
    if (document != nullptr) return document->inspect();
    Inspection other;
    other.media_type = media_type;
    return other;
  }

  void inspect() {
    const Mapping mapping(assignment_.files[0], request_.files[0].size);
    std::unique_ptr<Document> document;
    send(MessageKind::inspection, encode(inspection_of(input(0, mapping), document)));
  }

  void send_page(Document& document, std::int32_t number) {
    std::optional<core::Sha256> picture;
    auto layer = document.read_page(number, request_.read, [&](const core::Sha256& hash) {
      picture = hash;
      return ask_for_layer(MessageKind::need_known, encode(hash));
    });
    complaints_.check();
    // The recogniser has to know the language to read at all; of a file's own text it is found out here.
    if (layer.language.empty() && !layer.lines.empty()) {
      const auto& enabled = tools_.recogniser.languages();
      layer.language =
          request_.read.language.empty() ? language_of(layer.text(), enabled).value_or("") : request_.read.language;
    }
    PageMessage page{number, {}, picture};
    if (storage::cut_to_limits(layer))
      page.problem = "the page has more text than is kept of one; what is left out is at its end";
    page.layer = storage::encode(layer);
    send(MessageKind::page, encode(page));
  }

  void read_pages() {
    const Mapping mapping(assignment_.files[0], request_.files[0].size);
    const auto document = open_readable(input(0, mapping));
    const std::int64_t end =
        std::min<std::int64_t>(std::int64_t{request_.first} + request_.count, std::int64_t{document->page_count()} + 1);
    send(MessageKind::opened, "");
    for (std::int32_t number = request_.first; number < end; ++number) send_page(*document, number);
  }

  void read_text_files() {
    for (std::uint32_t i = 0; i < request_.files.size(); ++i) {
      TextFileMessage result;
      result.index = i;
      try {
        const Mapping mapping(assignment_.files[i], request_.files[i].size);
        std::unique_ptr<Document> document;
        result.inspection = inspection_of(input(i, mapping), document);
        // What holds others is read by itself: they have to come in first.
        const bool small = result.inspection.kind == FileKind::text && !result.inspection.has_members;
        if (small && result.inspection.page_count <= request_.count) {
          for (std::int32_t n = 1; n <= result.inspection.page_count; ++n) send_page(*document, n);
        }
      } catch (const Error& error) {
        result.problem = error.message();
      }
      send(MessageKind::text_file, encode(result));
    }
  }

  void render() {
    const Mapping mapping(assignment_.files[0], request_.files[0].size);
    const auto document = open_readable(input(0, mapping));
    if (request_.first < 1 || request_.first > document->page_count()) {
      throw Error(ErrorCode::invalid_argument,
                  "page must be between 1 and " + std::to_string(document->page_count()) + ", the number of pages");
    }
    const auto page = document->render_page(request_.first, request_.render.width, request_.render.rotation);
    complaints_.check();
    send(MessageKind::picture, to_webp(page.get()));
  }

  std::optional<storage::PageLayer> ask_for_layer(MessageKind question, std::string_view body) {
    send(question, body);
    MessageReader reader;
    for (;;) {
      const auto packet = receive_packet(assignment_.reply.get(), 0, 0);
      if (!packet) ::_exit(0);
      const auto message = reader.add(packet->bytes);
      if (!message) continue;
      if (message->kind != MessageKind::layer) throw Error(ErrorCode::internal, "expected a page layer");
      if (message->body.empty()) return std::nullopt;
      return storage::decode_page_layer(message->body);
    }
  }

  void write_archive() {
    const Mapping mapping(assignment_.files[0], request_.files[0].size);
    const auto document = open_readable(input(0, mapping));
    const bool written = document->write_archive(
        [this](std::int32_t number) { return ask_for_layer(MessageKind::need_layer, encode(number)); },
        assignment_.output);
    complaints_.check();
    send(MessageKind::archive, written ? "\1" : std::string_view("\0", 1));
  }

  void assemble() {
    std::deque<Mapping> mappings;
    std::vector<std::string_view> files;
    for (std::size_t i = 0; i < request_.files.size(); ++i) {
      files.push_back(mappings.emplace_back(assignment_.files[i], request_.files[i].size).bytes());
    }
    assemble_pdf(tools_.mupdf, files, request_.pages, assignment_.output);
    complaints_.check();
  }

  void add_notes() {
    const Mapping presentation(assignment_.files.at(0), request_.files.at(0).size);
    const Mapping pages(assignment_.files.at(1), request_.files.at(1).size);
    const auto notes = speaker_notes(presentation.bytes());
    if (std::ranges::all_of(notes, &std::string::empty)) return;
    append_notes(tools_.mupdf, pages.bytes(), notes, assignment_.output);
    complaints_.check();
  }

  void read_package() {
    const Mapping mapping(assignment_.files[0], request_.files[0].size);
    const Package package(mapping.bytes());
    package.check([this](const ListedFile& file) { send(MessageKind::listed_file, encode(file)); });
    for (const ListedDocument& document : package.documents()) send(MessageKind::listed_document, encode(document));
    send(MessageKind::package, package.id());
  }

  void unpack() {
    const Mapping mapping(assignment_.files[0], request_.files[0].size);
    const MemberSink files = sink();
    Package(mapping.bytes()).unpack(files.begin, files.bytes, files.end);
  }

  void read_members() {
    const Mapping mapping(assignment_.files[0], request_.files[0].size);
    open_readable(input(0, mapping))->read_members(request_.members, sink());
  }

  MemberSink sink() {
    return {[this](const std::string& path) { send(MessageKind::file_begins, path); },
            [this](std::string_view piece) {
              while (!piece.empty()) {
                send(MessageKind::file_bytes, piece.substr(0, kMaxPieceBytes));
                piece.remove_prefix(std::min(piece.size(), kMaxPieceBytes));
              }
            },
            [this] { send(MessageKind::file_bytes, ""); }};
  }

  const Assignment& assignment_;
  const Request& request_;
  const Tools& tools_;
  std::span<const Format* const> formats_;
  Complaints& complaints_;
};

FailureMessage failure_of(const std::exception& exception, const Complaints& complaints) {
  if (const auto* error = dynamic_cast<const Error*>(&exception)) {
    return {error->code(), error->message(), error->cause().empty() ? complaints.last() : error->cause()};
  }
  if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) {
    return {ErrorCode::bad_file, "reading the file needs more memory than is allowed", complaints.last()};
  }
  return {ErrorCode::bad_file, "the file cannot be read", exception.what()};
}

void confine(const Assignment& assignment, const SystemCallFilter& filter, bool filter_holds,
             std::uint64_t memory_in_use) {
  const Request& request = assignment.request;
  std::uint64_t memory = memory_in_use + request.memory_bytes;
  for (const auto& file : request.files) memory += file.size;  // they are mapped
  enter_limits({memory, request.output_bytes, request.cpu_seconds});
  if (!filter.enter() && filter_holds) throw core::system_error("enter the system call filter", errno);
}

}  // namespace

void run_child(Assignment assignment, const Tools& tools, std::span<const Format* const> formats,
               const SystemCallFilter& filter, bool filter_holds, std::uint64_t memory_in_use) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  Complaints complaints;
  std::vector<int> kept{assignment.reply.get(), assignment.output.get(), complaints.descriptor()};
  for (const auto& file : assignment.files) kept.push_back(file.get());
  std::erase(kept, -1);
  close_descriptors_except(kept);
  Child child(assignment, tools, formats, complaints);
  try {
    confine(assignment, filter, filter_holds, memory_in_use);
    child.run();
    child.send(MessageKind::done, "");
  } catch (const std::exception& exception) {
    child.send(MessageKind::failure, encode(failure_of(exception, complaints)));
  }
  ::_exit(0);
}

}  // namespace muniment::ingest::worker

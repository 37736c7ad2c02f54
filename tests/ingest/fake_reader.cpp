#include "tests/ingest/fake_reader.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text.h"

namespace muniment::testing {

using core::Error;
using core::ErrorCode;
using ingest::FileKind;
using ingest::Inspection;
using ingest::Source;

namespace {

// "From: somebody"
bool is_header(const std::string& page) {
  const auto colon = page.find(':');
  return colon != std::string::npos && colon + 1 == page.find(' ');
}

storage::PageLayer layer_of(std::string text) {
  storage::PageLayer layer;
  layer.width = 5950;
  layer.height = 8420;
  while (text.starts_with("[")) {
    const auto end = text.find(']');
    layer.barcodes.push_back({"QRCode", text.substr(1, end - 1)});
    text.erase(0, end + 1);
  }
  if (text.empty()) {
    layer.source = storage::TextSource::blank;
    return layer;
  }
  layer.source = storage::TextSource::ocr;
  layer.mean_confidence = 90;
  layer.language = "eng";
  storage::Line line;
  std::int32_t left = 500;
  for (const std::string_view word : core::split(text, ' ')) {
    if (word.empty()) continue;
    line.words.push_back({{left, 500, 300, 120}, 90, std::string(word)});
    left += 400;
  }
  layer.lines.push_back(std::move(line));
  return layer;
}

ErrorCode code_named(std::string_view name) {
  for (const ErrorCode code : {ErrorCode::timed_out, ErrorCode::too_large, ErrorCode::unavailable}) {
    if (core::code_name(code) == name) return code;
  }
  return ErrorCode::bad_file;
}

}  // namespace

FakeReader::File FakeReader::open(const Source& source) const {
  if (unavailable) throw Error(ErrorCode::unavailable, "the sandbox is too weak");
  std::string bytes(source.size, '\0');
  core::read_at(source.file, 0, std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
  const auto lines = core::split(bytes, '\n');
  File file;
  const std::string_view head = lines.at(0);
  const auto space = head.find(' ');
  file.name = head.substr(0, space);
  if (space != std::string_view::npos) file.flags = head.substr(space + 1);
  for (std::size_t i = 1; i < lines.size(); ++i) file.pages.emplace_back(lines[i]);
  return file;
}

void FakeReader::wait_if_hanging(const File& file, std::stop_token stop) const {
  if (!file.has("hang")) return;
  std::unique_lock lock(mutex_);
  released_.wait(lock, stop, [&] { return released_once_; });
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped");
}

void FakeReader::let_go() const {
  const std::scoped_lock lock(mutex_);
  released_once_ = true;
  released_.notify_all();
}

Inspection FakeReader::inspect(const Source& source, std::stop_token /*stop*/) const {
  ++inspected_;
  const File file = open(source);
  if (file.has("crash")) throw Error(ErrorCode::bad_file, "the file made its reader crash");
  Inspection inspection;
  if (file.has("other")) return inspection;
  inspection.kind = file.has("text") ? FileKind::text : FileKind::pdf;
  inspection.media_type = file.has("text") ? "text/plain" : "application/pdf";
  inspection.encrypted = file.has("encrypted");
  inspection.needs_password = inspection.encrypted && source.password != kPassword;
  inspection.has_members = file.has("members");
  for (const std::string& page : file.pages) {
    if (is_header(page))
      inspection.headers.push_back({page.substr(0, page.find(':')), page.substr(page.find(' ') + 1)});
  }
  if (!inspection.needs_password) inspection.page_count = static_cast<std::int32_t>(file.pages.size());
  return inspection;
}

void FakeReader::read_pages(const Source& source, std::int32_t first, std::int32_t count,
                            const ingest::ReadOptions& options, const PageTaker& pages, std::stop_token stop) const {
  const File file = open(source);
  for (std::int32_t number = first; number < first + count; ++number) {
    if (number > static_cast<std::int32_t>(file.pages.size())) return;
    wait_if_hanging(file, stop);
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped");
    const std::string& text = file.pages[static_cast<std::size_t>(number - 1)];
    std::optional<core::Sha256> picture;
    if (file.has("pictures")) picture = core::Sha256::of(text);
    if (auto before = picture ? pages.known(*picture) : std::nullopt) {
      pages.take({number, std::move(*before), picture});
      continue;
    }
    {
      const std::scoped_lock lock(mutex_);
      ++read_[{file.name, number}];
      order_.push_back(file.name);
    }
    if (text == "!barcode" && !options.barcodes) {
      pages.take({number, layer_of("spared"), {}});
      continue;
    }
    if (text.starts_with("!")) throw Error(code_named(text.substr(1)), "page " + std::to_string(number) + " is bad");
    pages.take({number, layer_of(text), picture});
  }
}

std::vector<FakeReader::TextFile> FakeReader::read_text_files(std::span<const Source> sources,
                                                              std::stop_token stop) const {
  std::vector<TextFile> files;
  for (const Source& source : sources) {
    TextFile result;
    const File file = open(source);
    if (file.has("crash")) {
      result.problem = "the file made its reader crash";
      files.push_back(std::move(result));
      continue;
    }
    result.inspection = inspect(source, stop);
    if (result.inspection.kind == FileKind::text && !result.inspection.has_members) {
      wait_if_hanging(file, stop);
      std::int32_t number = 0;
      for (const std::string& text : file.pages) {
        result.pages.push_back(layer_of(text));
        const std::scoped_lock lock(mutex_);
        ++read_[{file.name, ++number}];
      }
    }
    files.push_back(std::move(result));
  }
  return files;
}

void FakeReader::read_members(const Source& source, const ingest::MemberLimits& limits, const EachMember& each,
                              std::stop_token /*stop*/) const {
  const File file = open(source);
  if (file.pages.size() > limits.count) throw Error(ErrorCode::too_large, "there are more files in it than may be");
  for (std::string text : file.pages) {
    if (text.empty() || is_header(text)) continue;
    std::string path = "in/" + text.substr(0, text.find(' '));
    std::ranges::replace(path, '~', ' ');
    std::ranges::replace(text, '|', '\n');
    std::size_t given = 0;
    each(path, [&](std::span<std::byte> buffer) {
      const std::size_t count = std::min(buffer.size(), text.size() - given);
      std::ranges::copy(std::as_bytes(std::span(text.data() + given, count)), buffer.begin());
      given += count;
      return count;
    });
  }
}

std::string FakeReader::render_page(const Source& source, std::int32_t page, const ingest::RenderOptions& options,
                                    std::stop_token /*stop*/) const {
  const File file = open(source);
  if (file.has("encrypted") && source.password != kPassword) throw Error(ErrorCode::password_needed, "it is encrypted");
  ++rendered_;
  std::string picture = file.name + " page " + std::to_string(page) + " width " + std::to_string(options.width) +
                        " turned " + std::to_string(options.rotation);
  picture.resize(1000, '.');
  return picture;
}

void FakeReader::write_pages(const ingest::Source&, std::string_view, const core::FileDescriptor&,
                             std::stop_token) const {
  throw core::Error(core::ErrorCode::unsupported_type, "there are no office files here");
}

FakeReader::Archive FakeReader::write_archive(const Source& source, const LayerSupplier& layers,
                                              const core::FileDescriptor& output, std::stop_token /*stop*/) const {
  const File file = open(source);
  ++archived_;
  if (file.has("native")) return Archive::original_is_enough;
  for (std::int32_t number = 1; number <= static_cast<std::int32_t>(file.pages.size()); ++number) {
    if (const auto layer = layers(number)) core::write_all(output, layer->text() + "\f");
  }
  return Archive::written;
}

void FakeReader::assemble(std::span<const Source> files, std::span<const ingest::PageChoice> pages,
                          const core::FileDescriptor& output, std::stop_token /*stop*/) const {
  std::string made = "assembled";
  for (const ingest::PageChoice& page : pages) {
    made += "\n" + open(files[page.file]).pages.at(static_cast<std::size_t>(page.page - 1));
  }
  core::write_all(output, made);
}

int FakeReader::times_read(const std::string& name, std::int32_t page) const {
  const std::scoped_lock lock(mutex_);
  const auto found = read_.find({name, page});
  return found == read_.end() ? 0 : found->second;
}

int FakeReader::pages_read() const {
  const std::scoped_lock lock(mutex_);
  int total = 0;
  for (const auto& [page, times] : read_) total += times;
  return total;
}

std::vector<std::string> FakeReader::order() const {
  const std::scoped_lock lock(mutex_);
  return order_;
}

}  // namespace muniment::testing

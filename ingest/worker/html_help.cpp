#include "ingest/worker/html_help.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <vector>

#include <mspack.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/html_text.h"
#include "ingest/worker/html_tree.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;

constexpr std::size_t kMostFiles = 50'000;
constexpr std::size_t kMostUnpacked = 128 << 20;  // bytes of all pages together

// What libmspack reads from and writes to, in place of files. It calls back from C: nothing here throws.
struct Memory : mspack_system {
  explicit Memory(std::string_view bytes);

  std::string_view input;
  std::string output;  // no more is written than there is room for
};

struct Stream : mspack_file {
  Memory* memory;
  bool writes;
  off_t position;
};

Stream& stream_of(mspack_file* file) {
  return *static_cast<Stream*>(file);
}

mspack_file* open_stream(mspack_system* self, const char*, int mode) {
  return new (std::nothrow) Stream{{}, static_cast<Memory*>(self), mode != MSPACK_SYS_OPEN_READ, 0};
}

void close_stream(mspack_file* file) {
  delete &stream_of(file);
}

int read_stream(mspack_file* file, void* buffer, int size) {
  Stream& stream = stream_of(file);
  const auto at = static_cast<std::size_t>(stream.position);
  const std::string_view input = stream.memory->input;
  if (stream.writes || size < 0) return -1;
  if (at >= input.size()) return 0;
  const std::size_t got = std::min(static_cast<std::size_t>(size), input.size() - at);
  std::memcpy(buffer, input.data() + at, got);
  stream.position += static_cast<off_t>(got);
  return static_cast<int>(got);
}

int write_stream(mspack_file* file, void* buffer, int size) {
  const Stream& stream = stream_of(file);
  std::string& output = stream.memory->output;
  if (!stream.writes || size < 0 || static_cast<std::size_t>(size) > output.capacity() - output.size()) return -1;
  output.append(static_cast<const char*>(buffer), static_cast<std::size_t>(size));
  return size;
}

int seek_stream(mspack_file* file, off_t offset, int mode) {
  Stream& stream = stream_of(file);
  const auto size = static_cast<off_t>(stream.memory->input.size());
  off_t position = 0;
  const off_t base = mode == MSPACK_SYS_SEEK_CUR ? stream.position : mode == MSPACK_SYS_SEEK_END ? size : 0;
  if (__builtin_add_overflow(base, offset, &position) || position < 0 || position > size) return -1;
  stream.position = position;
  return 0;
}

off_t tell_stream(mspack_file* file) {
  return stream_of(file).position;
}

void say_nothing(mspack_file*, const char*, ...) {}

Memory::Memory(std::string_view bytes) : mspack_system{}, input(bytes) {
  open = open_stream;
  close = close_stream;
  read = read_stream;
  write = write_stream;
  seek = seek_stream;
  tell = tell_stream;
  message = say_nothing;
  alloc = [](mspack_system*, std::size_t size) { return std::malloc(size); };
  free = [](void* memory) { std::free(memory); };
  copy = [](void* from, void* to, std::size_t size) { std::memcpy(to, from, size); };
}

// As it is compared: names are the same in capitals and small letters.
std::string plain_path(std::string_view path) {
  std::string plain = core::fold_case(path);
  std::ranges::replace(plain, '\\', '/');
  while (plain.starts_with("./")) plain.erase(0, 2);
  return plain.starts_with('/') ? plain : "/" + plain;
}

// The path in a link, which may name the help file itself before it and a place in the page behind.
std::string linked_path(std::string_view link) {
  if (const auto file = link.rfind("::"); file != std::string_view::npos) link.remove_prefix(file + 2);
  return plain_path(link.substr(0, link.find('#')));
}

bool is_page(std::string_view path) {
  return path.ends_with(".htm") || path.ends_with(".html") || path.ends_with(".xhtml");
}

class Package {
 public:
  explicit Package(std::string_view bytes)
      : memory_(bytes),
        decompressor_(::mspack_create_chm_decompressor(&memory_), ::mspack_destroy_chm_decompressor),
        opened_(nullptr, Close{decompressor_.get()}) {
    if (decompressor_ == nullptr) throw std::bad_alloc();
    opened_.reset(decompressor_->open(decompressor_.get(), ""));
    if (opened_ == nullptr) throw Error(ErrorCode::bad_file, "this help file is damaged, or not whole");
    for (mschmd_file* file = opened_->files; file != nullptr && files_.size() < kMostFiles; file = file->next) {
      if (file->filename != nullptr) files_.emplace(plain_path(core::to_utf8(file->filename)), file);
    }
  }

  Package(const Package&) = delete;  // libmspack has memory_'s address
  Package& operator=(const Package&) = delete;

  const std::map<std::string, mschmd_file*>& files() const { return files_; }

  // Nothing when it is not there, damaged, or larger than a text may be.
  std::string bytes_of(const std::string& path) {
    const auto found = files_.find(path);
    if (found == files_.end()) return "";
    mschmd_file* const file = found->second;
    if (file->length <= 0 || file->length > static_cast<off_t>(kMaxTextBytes)) return "";
    const bool packed = file->section->id != 0;
    if (!packed && file->length > static_cast<off_t>(memory_.input.size())) return "";
    memory_.output = {};
    memory_.output.reserve(static_cast<std::size_t>(file->length));
    if (decompressor_->extract(decompressor_.get(), file, "") != MSPACK_ERR_OK) return "";
    return std::move(memory_.output);
  }

 private:
  struct Close {
    mschm_decompressor* decompressor;
    void operator()(mschmd_header* opened) const { decompressor->close(decompressor, opened); }
  };

  Memory memory_;
  std::unique_ptr<mschm_decompressor, void (*)(mschm_decompressor*)> decompressor_;
  std::unique_ptr<mschmd_header, Close> opened_;
  std::map<std::string, mschmd_file*> files_;  // by plain_path
};

// The encoding that Windows has for texts of a language, by the lower ten bits of the number that it has there
// ([MS-LCID]).
std::string_view encoding_of(unsigned language) {
  switch (language & 0x3FF) {
    case 0x02:
    case 0x19:
    case 0x22:
    case 0x23:
    case 0x2F:
      return "windows-1251";
    case 0x05:
    case 0x0E:
    case 0x15:
    case 0x18:
    case 0x1A:
    case 0x1B:
    case 0x1C:
    case 0x24:
      return "windows-1250";
    case 0x04:
      return language == 0x404 ? "Big5" : "GBK";
    case 0x08:
      return "windows-1253";
    case 0x11:
      return "Shift_JIS";
    case 0x12:
      return "windows-949";
    case 0x1F:
      return "windows-1254";
    case 0x25:
    case 0x26:
    case 0x27:
      return "windows-1257";
    default:
      return "windows-1252";
  }
}

// What the compiler was told of the whole: numbered entries behind a version, each with its length.
struct Settings {
  std::string title;
  std::string contents;  // the path of the table of contents
};

Settings settings_of(std::string_view bytes) {
  constexpr unsigned kContents = 0;
  constexpr unsigned kTitle = 3;
  constexpr unsigned kLanguage = 4;
  const auto number_in = [](std::string_view from) {
    return static_cast<unsigned>(static_cast<unsigned char>(from[0])) |
           static_cast<unsigned>(static_cast<unsigned char>(from[1])) << 8;
  };
  Settings settings;
  std::string_view title;
  unsigned language = 0;
  for (std::size_t at = 4; at + 4 <= bytes.size();) {
    const unsigned code = number_in(bytes.substr(at));
    const std::string_view value = bytes.substr(at + 4, number_in(bytes.substr(at + 2)));
    const std::string_view text = value.substr(0, value.find('\0'));
    at += 4 + value.size();
    if (code == kContents && !text.empty()) settings.contents = plain_path(core::to_utf8(text));
    if (code == kTitle) title = text;
    if (code == kLanguage && value.size() >= 2) language = number_in(value);
  }
  const std::string encoding = text_encoding(title, encoding_of(language));
  if (!encoding.empty()) settings.title = core::collapse_space(decode_text(title, encoding, title.size()));
  return settings;
}

// The paths that a table of contents names, in its order.
void find_topics(const xmlNode* node, std::vector<std::string>& paths) {
  for (; node != nullptr; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    if (name_of(node) == "param" && core::fold_case(attribute_of(node, "name")) == "local") {
      paths.push_back(linked_path(attribute_of(node, "value")));
    }
    find_topics(node->children, paths);
  }
}

std::vector<std::string> pages_in_order(Package& package, const Settings& settings) {
  std::vector<std::string> named;
  if (const std::string contents = utf8_html(package.bytes_of(settings.contents)); !contents.empty()) {
    find_topics(parse_html(contents)->children, named);
  }
  for (const auto& [path, file] : package.files()) {
    if (is_page(path)) named.push_back(path);
  }
  std::vector<std::string> pages;
  std::set<std::string_view> seen;
  for (const std::string& path : named) {
    if (package.files().contains(path) && seen.insert(path).second) pages.push_back(path);
  }
  return pages;
}

// Error(bad_file) when it cannot be read.
std::string text_of_page(const std::string& bytes) {
  const std::string html = utf8_html(bytes);
  if (html.empty()) return "";
  const HtmlText page = html_text(html);
  const bool titled = page.title.empty() || page.text.find(page.title) != std::string::npos;
  return titled ? page.text : page.title + "\n\n" + page.text;
}

// Unpacked in the order in which they are packed: going back in it starts from the beginning. Error(bad_file) when each
// is damaged.
std::map<std::string, std::string> texts_of(Package& package, std::vector<std::string> paths) {
  std::ranges::sort(paths, {}, [&](const std::string& path) { return package.files().at(path)->offset; });
  std::map<std::string, std::string> texts;
  std::size_t unpacked = 0;
  std::size_t length = 0;
  bool any_read = false;
  for (const std::string& path : paths) {
    if (package.files().at(path)->length == 0) continue;
    const std::string bytes = package.bytes_of(path);
    unpacked += bytes.size();
    if (unpacked > kMostUnpacked) break;
    std::string& text = texts[path];
    try {
      if (bytes.empty()) throw Error(ErrorCode::bad_file, "it cannot be unpacked");
      text = text_of_page(bytes);
      any_read = true;
    } catch (const Error&) {
      text = "(" + path + " is damaged and cannot be read)";
    }
    length += text.size();
    if (length > kMaxTextBytes) break;
  }
  if (!texts.empty() && !any_read) throw Error(ErrorCode::bad_file, "every page of this help file is damaged");
  return texts;
}

}  // namespace

bool is_html_help(std::string_view bytes) {
  using namespace std::string_view_literals;
  return bytes.starts_with("ITSF\3\0\0\0"sv);
}

HtmlHelp read_html_help(std::string_view bytes) {
  Package package(bytes);
  const Settings settings = settings_of(package.bytes_of("/#system"));
  const auto pages = pages_in_order(package, settings);
  if (pages.empty()) throw Error(ErrorCode::bad_file, "there is no page in this help file");
  const auto texts = texts_of(package, pages);
  HtmlHelp help{settings.title, ""};
  for (const std::string& path : pages) {
    const auto text = texts.find(path);
    if (text == texts.end() || core::trim(text->second).empty()) continue;
    if (!help.text.empty()) help.text += '\f';
    help.text += text->second;
  }
  return help;
}

}  // namespace muniment::ingest::worker

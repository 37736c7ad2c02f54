#include "webui/static_files.h"

#include <array>
#include <utility>

#include "core/files.h"
#include "core/hash.h"
#include "core/text.h"
#include "webui/exchange.h"

namespace muniment::webui {

namespace {

constexpr std::uint64_t kLargestFile = 16 * 1024 * 1024;

std::string type_of(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes = {
      {{".html", "text/html; charset=utf-8"},
       {".js", "text/javascript; charset=utf-8"},
       {".css", "text/css; charset=utf-8"},
       {".svg", "image/svg+xml"},
       {".json", "application/json"},
       {".webmanifest", "application/manifest+json"},
       {".png", "image/png"},
       {".woff2", "font/woff2"}}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return std::string(type);
  }
  return "application/octet-stream";
}

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& directory) {
  if (!std::filesystem::is_directory(directory)) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::string name = "/" + std::filesystem::relative(entry.path(), directory).generic_string();
    const std::string bytes = core::read_file(entry.path(), kLargestFile);
    if (name.ends_with(".br")) {
      files_[name.substr(0, name.size() - 3)].brotli = bytes;
    } else if (name.ends_with(".gz")) {
      files_[name.substr(0, name.size() - 3)].gzip = bytes;
    } else {
      File& file = files_[name];
      file.bytes = bytes;
      file.etag = "\"" + core::Sha256::of(bytes).hex().substr(0, 16) + "\"";
    }
  }
}

bool StaticFiles::send(Exchange& exchange) const {
  std::string path = exchange.path();
  if (path.find('.') == std::string::npos) path = "/index.html";
  const auto found = files_.find(path);
  if (found == files_.end()) return false;
  const File& file = found->second;
  // Names of the build's files hold a hash of their content; the page itself must always be fresh.
  const bool named_by_content = path.starts_with("/assets/");
  exchange.set_header("Cache-Control", named_by_content ? "public, max-age=31536000, immutable" : "no-cache");
  exchange.set_header("ETag", file.etag);
  if (exchange.header("If-None-Match") == file.etag) {
    exchange.send_empty(304);
    return true;
  }
  exchange.set_header("Vary", "Accept-Encoding");
  const std::string accepted = exchange.header("Accept-Encoding").value_or("");
  const std::string* bytes = &file.bytes;
  if (!file.brotli.empty() && accepted.find("br") != std::string::npos) {
    exchange.set_header("Content-Encoding", "br");
    bytes = &file.brotli;
  } else if (!file.gzip.empty() && accepted.find("gzip") != std::string::npos) {
    exchange.set_header("Content-Encoding", "gzip");
    bytes = &file.gzip;
  }
  exchange.send(200, type_of(path), *bytes);
  return true;
}

}  // namespace muniment::webui

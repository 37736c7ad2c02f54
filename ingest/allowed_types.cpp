#include "ingest/allowed_types.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "ingest/office_types.h"

namespace muniment::ingest {

namespace {

// What the first bytes say for good.
constexpr std::string_view kCertain[] = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/tiff",
    "image/webp",
    "image/gif",
    "image/jp2",
    "image/heic",
    "image/svg+xml",
    "application/rtf",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
    "application/x-7z-compressed",
    "application/zstd",
    "application/vnd.rar",
    "application/vnd.ms-htmlhelp",
    "application/onenote",
    "application/vnd.ms-access",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
};

// What a document may be besides these and office files.
constexpr std::string_view kOthers[] = {
    "image/bmp",
    "image/x-portable-anymap",
    "text/plain",
    "text/markdown",
    "text/csv",
    "text/html",
    "message/rfc822",
    "application/mbox",
    "application/vnd.ms-outlook",
    "application/vnd.ms-tnef",
    "application/zip",
    "application/x-tar",
    "application/epub+zip",
    "application/x-ole-storage",
    "application/postscript",
    "application/x-executable",
    "application/x-msdownload",
    "video/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "application/octet-stream",
};

bool is_certain(std::string_view media_type) {
  return std::find(std::begin(kCertain), std::end(kCertain), media_type) != std::end(kCertain);
}

std::vector<std::string> known_types() {
  std::vector<std::string> types(std::begin(kCertain), std::end(kCertain));
  types.insert(types.end(), std::begin(kOthers), std::end(kOthers));
  for (const OfficeType& type : office_types()) types.emplace_back(type.media_type);
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

bool meets(std::string_view media_type, std::string_view pattern) {
  if (pattern.ends_with("/*")) return media_type.starts_with(pattern.substr(0, pattern.size() - 1));
  return media_type == pattern;
}

// How first bytes tell apart what they do not settle: by what holds it.
enum class Holder { zip, ole, text, other };

Holder holder_of(std::string_view type_by_magic) {
  if (type_by_magic == "application/zip") return Holder::zip;
  if (type_by_magic == "application/x-ole-storage") return Holder::ole;
  return type_by_magic.starts_with("text/") ? Holder::text : Holder::other;
}

// An encrypted office file of the newer kinds is kept in an OLE file, so either holds any of them.
bool can_hold(Holder holder, std::string_view media_type) {
  const bool office = find_office_type(media_type) != nullptr;
  switch (holder) {
    case Holder::zip:
      return office || media_type == "application/zip" || media_type == "application/epub+zip";
    case Holder::ole:
      return office || media_type == "application/x-ole-storage" || media_type == "application/vnd.ms-outlook";
    case Holder::text:
      return media_type.starts_with("text/") || media_type == "message/rfc822" || media_type == "application/mbox" ||
             media_type == "application/postscript" || media_type == "application/vnd.oasis.opendocument.text-flat-xml";
    case Holder::other:
      return true;
  }
  return true;
}

}  // namespace

void require_known_types(const TypePatterns& patterns) {
  const auto known = known_types();
  for (const std::string& pattern : patterns) {
    const bool met =
        std::any_of(known.begin(), known.end(), [&](const std::string& type) { return meets(type, pattern); });
    if (met) continue;
    throw core::Error(core::ErrorCode::invalid_argument, "no document is of the type \"" + pattern + "\"; there are " +
                                                             core::joined(known, ", ") +
                                                             ", and all of a kind as image/*");
  }
}

bool is_allowed(const TypePatterns& patterns, std::string_view media_type) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                         [&](const std::string& pattern) { return meets(media_type, pattern); });
}

bool may_be_allowed(const TypePatterns& patterns, std::string_view type_by_magic) {
  if (patterns.empty()) return true;
  if (is_certain(type_by_magic)) return is_allowed(patterns, type_by_magic);
  const Holder holder = holder_of(type_by_magic);
  const auto known = known_types();
  return std::any_of(known.begin(), known.end(), [&](const std::string& type) {
    return !is_certain(type) && can_hold(holder, type) && is_allowed(patterns, type);
  });
}

core::Error not_allowed(const TypePatterns& patterns, std::string_view media_type) {
  return core::Error(core::ErrorCode::unsupported_type, "files of type " + std::string(media_type) +
                                                            " are not accepted here; accepted are " +
                                                            core::joined(patterns, ", ") + " (intake.allowed_types)");
}

}  // namespace muniment::ingest

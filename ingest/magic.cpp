// A look at the first bytes, for intake's list of allowed types (allowed_types.h). What a file is for good is found by
// muniment-extract.
#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.h"
#include "ingest/intake.h"

namespace muniment::ingest {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view media_type;
};

constexpr std::array kSignatures{
    Signature{0, "\x89PNG\r\n\x1a\n"sv, "image/png"},
    Signature{0, "\xff\xd8\xff"sv, "image/jpeg"},
    Signature{0, "II*\0"sv, "image/tiff"},
    Signature{0, "MM\0*"sv, "image/tiff"},
    Signature{0, "II+\0"sv, "image/tiff"},
    Signature{0, "MM\0+"sv, "image/tiff"},
    Signature{8, "WEBP"sv, "image/webp"},
    Signature{0, "GIF87a"sv, "image/gif"},
    Signature{0, "GIF89a"sv, "image/gif"},
    Signature{0, "BM"sv, "image/bmp"},
    Signature{0, "\0\0\0\x0cjP  \r\n\x87\n"sv, "image/jp2"},
    Signature{0, "\xff\x4f\xff\x51"sv, "image/jp2"},
    Signature{4, "ftypheic"sv, "image/heic"},
    Signature{4, "ftypheix"sv, "image/heic"},
    Signature{4, "ftypheim"sv, "image/heic"},
    Signature{4, "ftypheis"sv, "image/heic"},
    Signature{4, "ftypmif1"sv, "image/heic"},
    Signature{4, "ftypmsf1"sv, "image/heic"},
    Signature{4, "ftyphevc"sv, "image/heic"},
    Signature{0, "<svg"sv, "image/svg+xml"},
    Signature{0, "\x1f\x8b"sv, "application/gzip"},
    Signature{0, "BZh"sv, "application/x-bzip2"},
    Signature{0,
              "\xfd"
              "7zXZ"sv,
              "application/x-xz"},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, "application/x-7z-compressed"},
    Signature{0, "\x28\xb5\x2f\xfd"sv, "application/zstd"},
    Signature{0, "\0\1\0\0Standard Jet DB\0"sv, "application/vnd.ms-access"},
    Signature{0, "\0\1\0\0Standard ACE DB\0"sv, "application/vnd.ms-access"},
    Signature{0, "ITSF\3\0\0\0"sv, "application/vnd.ms-htmlhelp"},
    Signature{0, "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3"sv, "application/onenote"},
    Signature{0, "\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f"sv, "application/onenote"},
    Signature{0, "Rar!\x1a\x07"sv, "application/vnd.rar"},
    Signature{30, "mimetypeapplication/vnd.oasis.opendocument.text"sv, "application/vnd.oasis.opendocument.text"sv},
    Signature{30, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"sv,
              "application/vnd.oasis.opendocument.spreadsheet"sv},
    Signature{30, "mimetypeapplication/vnd.oasis.opendocument.presentation"sv,
              "application/vnd.oasis.opendocument.presentation"sv},
    Signature{0, "{\\rtf"sv, "application/rtf"sv},
    Signature{0, "PK\x03\x04"sv, "application/zip"},
    Signature{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "application/x-ole-storage"},
};

// PNM: "P1" to "P6" and white space.
bool is_pnm(std::string_view head) {
  return head.size() > 2 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' &&
         (head[2] == '\n' || head[2] == ' ' || head[2] == '\r' || head[2] == '\t');
}

bool is_text(std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf") || head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) return true;
  return std::ranges::none_of(head, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1b';
  });
}

bool contains_without_case(std::string_view text, std::string_view lower_case) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
  return std::search(text.begin(), text.end(), lower_case.begin(), lower_case.end(), same) != text.end();
}

}  // namespace

std::string media_type_by_magic(std::span<const std::byte> bytes) {
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // A PDF's header may stand anywhere in its first kilobyte (ISO 32000-1, annex H, note 13).
  if (head.substr(0, 1024).find("%PDF-") != std::string_view::npos) return "application/pdf";
  for (const auto& [offset, signature, media_type] : kSignatures) {
    if (head.size() >= offset && head.substr(offset).starts_with(signature)) return std::string(media_type);
  }
  if (is_pnm(head)) return "image/x-portable-anymap";
  if (head.empty() || !is_text(head)) return "application/octet-stream";
  const std::string_view start = core::trim(head);
  if (start.starts_with("<") && (contains_without_case(head, "<html") || contains_without_case(head, "<!doctype html")))
    return "text/html";
  return "text/plain";
}

}  // namespace muniment::ingest

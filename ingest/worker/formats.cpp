#include "ingest/worker/formats.h"

#include <algorithm>
#include <array>
#include <string>

namespace muniment::ingest::worker {

namespace {

struct Mark {
  std::size_t offset;
  std::string_view bytes;
  std::string_view media_type;
};

using namespace std::string_view_literals;

constexpr std::array kMarks = {
    Mark{30, "mimetypeapplication/epub+zip"sv, "application/epub+zip"sv},
    Mark{0, "PK\x03\x04"sv, "application/zip"sv},
    Mark{0, "PK\x05\x06"sv, "application/zip"sv},
    Mark{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "application/x-ole-storage"sv},
    Mark{0, "\x1F\x8B"sv, "application/gzip"sv},
    Mark{0, "BZh"sv, "application/x-bzip2"sv},
    Mark{0,
         "\xFD"
         "7zXZ"sv,
         "application/x-xz"sv},
    Mark{0, "7z\xBC\xAF\x27\x1C"sv, "application/x-7z-compressed"sv},
    Mark{0, "\x28\xB5\x2F\xFD"sv, "application/zstd"sv},
    Mark{0, "Rar!\x1A\x07"sv, "application/vnd.rar"sv},
    Mark{257, "ustar"sv, "application/x-tar"sv},
    Mark{0, "<svg"sv, "image/svg+xml"sv},
    Mark{0, "%!PS"sv, "application/postscript"sv},
    Mark{0,
         "\x7F"
         "ELF"sv,
         "application/x-executable"sv},
    Mark{0, "MZ"sv, "application/x-msdownload"sv},
    Mark{4, "ftyp"sv, "video/mp4"sv},
    Mark{0, "ID3"sv, "audio/mpeg"sv},
    Mark{0, "OggS"sv, "audio/ogg"sv},
    Mark{0, "ITSF\3\0\0\0"sv, "application/vnd.ms-htmlhelp"sv},
    Mark{0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"sv, "application/onenote"sv},
    Mark{0, "\xA1\x2F\xFF\x43\xD9\xEF\x76\x4C\x9E\xE2\x10\xEA\x57\x22\x76\x5F"sv, "application/onenote"sv},
    Mark{0, "\0\1\0\0Standard Jet DB\0"sv, "application/vnd.ms-access"sv},
    Mark{0, "\0\1\0\0Standard ACE DB\0"sv, "application/vnd.ms-access"sv},
    Mark{8, "WAVE"sv, "audio/wav"sv},
};

// An e-mail (RFC 5322) as it travelled: a header line first, and one among them that no person types.
bool is_mail(std::string_view bytes) {
  constexpr std::array kTechnical = {"\nReceived: "sv, "\nReturn-Path: "sv, "\nMessage-ID: "sv, "\nMessage-Id: "sv,
                                     "\nMIME-Version: "sv};
  const std::string start = "\n" + std::string(bytes.substr(0, 4096));
  const auto colon = start.find(':');
  const bool begins_with_header =
      start.starts_with("\nFrom ") || (colon != std::string::npos && colon < start.find_first_of(" \t\n", 1));
  return begins_with_header &&
         std::ranges::any_of(kTechnical, [&](auto name) { return start.find(name) != std::string::npos; });
}

}  // namespace

std::span<const Format* const> formats() {
  static constexpr std::array kAll = {&kPdfFormat,      &kPictureFormat, &kOfficeFormat, &kArchiveFormat,
                                      &kHtmlHelpFormat, &kOneNoteFormat, &kAccessFormat, &kMboxFormat,
                                      &kMailFormat,     &kHtmlFormat,    &kTextFormat};
  return kAll;
}

std::string_view media_type_of_other(std::string_view bytes) {
  for (const auto& mark : kMarks) {
    if (bytes.size() >= mark.offset && bytes.substr(mark.offset).starts_with(mark.bytes)) return mark.media_type;
  }
  return is_mail(bytes) ? "message/rfc822" : "application/octet-stream";
}

}  // namespace muniment::ingest::worker

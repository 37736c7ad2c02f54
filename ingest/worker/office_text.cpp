#include "ingest/worker/office_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "ingest/office_types.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/xml_part.h"
#include "ingest/worker/zip_file.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;

constexpr std::size_t kMostXmlBytes = 128 << 20;  // of all parts together

void end_line(std::string& text) {
  if (!text.empty() && text.back() != '\n') text += '\n';
}

// The elements have one meaning in all of these vocabularies: WordprocessingML, DrawingML (ECMA-376), OpenDocument.
std::string paragraphs(const std::string& xml, bool open_document) {
  std::string text;
  int inside = 0;  // elements whose text is the document's
  XmlPart part(xml);
  while (text.size() < kMaxTextBytes && part.next()) {
    const auto name = part.name();
    const bool holds_text = open_document ? name == "p" || name == "h" : name == "t";
    if (part.is_text()) {
      if (inside > 0) text += part.value();
      continue;
    }
    if (part.begins() && holds_text) ++inside;
    if (part.begins() && (name == "tab" || name == "s")) text += name == "s" ? ' ' : '\t';
    if (part.begins() && (name == "br" || name == "cr" || name == "line-break")) text += '\n';
    if (!part.ends()) continue;
    if (holds_text) inside = std::max(0, inside - 1);
    if (name == "p" || name == "h" || name == "tr" || name == "table-row") end_line(text);
  }
  return text;
}

std::vector<std::string> shared_strings(const std::string& xml) {
  std::vector<std::string> strings;
  bool inside = false;
  XmlPart part(xml);
  while (part.next()) {
    if (part.begins() && part.name() == "si") strings.emplace_back();
    if (part.name() == "t") inside = part.begins() && !part.ends();
    if (part.is_text() && inside && !strings.empty()) strings.back() += part.value();
  }
  return strings;
}

std::string sheet(const std::string& xml, const std::vector<std::string>& strings) {
  std::string text;
  bool inside = false;
  bool shared = false;
  XmlPart part(xml);
  while (text.size() < kMaxTextBytes && part.next()) {
    const auto name = part.name();
    if (part.is_text() && inside) {
      const auto index = shared ? core::parse_integer(part.value()) : std::nullopt;
      if (!shared) text += part.value();
      if (index && *index >= 0 && static_cast<std::size_t>(*index) < strings.size()) {
        text += strings[static_cast<std::size_t>(*index)];
      }
      continue;
    }
    if (part.begins() && name == "c") shared = part.attribute("t") == "s";
    if (name == "v" || name == "t") inside = part.begins() && !part.ends();
    if (!part.ends()) continue;
    if (name == "c") text += '\t';
    if (name == "row") end_line(text);
  }
  return text;
}

bool holds_text(std::string_view path) {
  const auto is = [path](std::string_view folder) { return path.starts_with(folder) && path.ends_with(".xml"); };
  return path == "content.xml" || path == "xl/sharedStrings.xml" || is("xl/worksheets/sheet") ||
         is("ppt/slides/slide") || is("ppt/notesSlides/") || path == "word/document.xml" || is("word/header") ||
         is("word/footer") || is("word/footnotes") || is("word/endnotes") || is("word/comments");
}

std::string text_of_package(std::string_view bytes) {
  // Shorter names first, so that slide 10 comes after slide 9.
  std::map<std::pair<std::size_t, std::string>, std::string> parts;
  std::size_t total = 0;
  ZipFile(bytes).for_each([&](ZipFile::Entry& entry) {
    if (!holds_text(entry.path())) return;
    std::string& part = parts[{entry.path().size(), entry.path()}];
    entry.read([&](std::string_view piece) {
      total += piece.size();
      if (total > kMostXmlBytes) throw Error(ErrorCode::too_large, "the file's text is larger than 128 MiB");
      part += piece;
    });
  });
  std::vector<std::string> strings;
  for (const auto& [name, xml] : parts) {
    if (name.second == "xl/sharedStrings.xml") strings = shared_strings(xml);
  }
  std::string text;
  for (const auto& [name, xml] : parts) {
    if (name.second == "xl/sharedStrings.xml") continue;
    text += name.second.starts_with("xl/") ? sheet(xml, strings) : paragraphs(xml, name.second == "content.xml");
    end_line(text);
  }
  return text;
}

}  // namespace

std::string office_text(std::string_view bytes, std::string_view media_type) {
  const OfficeType* type = find_office_type(media_type);
  if (type != nullptr && type->extension == "rtf") return rtf_text(bytes);
  if (type != nullptr && type->extension == "fodt") return paragraphs(std::string(bytes), true);
  static const std::set<std::string_view> binary = {"doc", "xls", "ppt", "xlsb"};
  if (type == nullptr || binary.contains(type->extension) || !bytes.starts_with("PK")) {
    throw Error(ErrorCode::unsupported_type,
                "files of this type are read by LibreOffice only, which is not installed or switched off");
  }
  return text_of_package(bytes);
}

}  // namespace muniment::ingest::worker

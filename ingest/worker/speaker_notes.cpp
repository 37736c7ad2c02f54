#include "ingest/worker/speaker_notes.h"

#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/xml_part.h"
#include "ingest/worker/zip_file.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;

constexpr std::size_t kMostPartBytes = 128 << 20;  // of all parts together
constexpr const char* kOpenDocument = "content.xml";
constexpr const char* kPresentation = "ppt/presentation.xml";

using Parts = std::map<std::string, std::string>;  // by path

bool is_needed(std::string_view path) {
  return path == kOpenDocument || path == kPresentation || path.starts_with("ppt/notesSlides/") ||
         (path.starts_with("ppt/") && path.ends_with(".rels"));
}

Parts parts_of(std::string_view bytes) {
  Parts parts;
  std::size_t total = 0;
  ZipFile(bytes).for_each([&](ZipFile::Entry& entry) {
    if (!is_needed(entry.path())) return;
    std::string& part = parts[entry.path()];
    entry.read([&](std::string_view piece) {
      total += piece.size();
      if (total > kMostPartBytes) throw Error(ErrorCode::too_large, "the notes are larger than 128 MiB");
      part += piece;
    });
  });
  return parts;
}

// No program writes a document type; where there is none, there are no entities.
bool next_in(XmlPart& part) {
  return part.next() && !part.is_document_type();
}

// OpenDocument 1.3: a page holds its notes, in a frame of the class "notes" among others.
std::vector<std::string> notes_of_pages(const std::string& xml) {
  std::vector<std::string> notes;
  bool in_notes = false, in_body = false;
  XmlPart part(xml);
  while (next_in(part)) {
    if (part.is_text()) {
      if (in_body) notes.back() += part.value();
      continue;
    }
    const auto name = part.name();
    const bool inside = part.begins() && !part.ends();
    if (part.begins() && name == "page") notes.emplace_back();
    if (name == "notes") in_notes = inside && !notes.empty();
    if (name == "frame") in_body = in_notes && inside && part.attribute("presentation:class") == "notes";
    const bool parts_words = name == "p" || name == "h" || name == "s" || name == "tab" || name == "line-break";
    if (in_body && parts_words) notes.back() += ' ';
  }
  return notes;
}

// ECMA-376 part 1, 13.3.5: shapes, of which the body's holds the notes.
std::string notes_of_slide(const std::string& xml) {
  std::string notes;
  bool in_body = false, in_text = false;
  XmlPart part(xml);
  while (next_in(part)) {
    if (part.is_text()) {
      if (in_body && in_text) notes += part.value();
      continue;
    }
    const auto name = part.name();
    if (name == "sp") in_body = false;
    if (part.begins() && name == "ph") in_body = part.attribute("type") == "body";
    if (name == "t") in_text = part.begins() && !part.ends();
    if (in_body && (name == "p" || name == "br")) notes += ' ';
  }
  return notes;
}

// Takes the relations of this kind of the part at `path` (ECMA-376 part 2, 9.3): the paths they lead to, by identifier.
// They are read once, as any part is: a thousand slides that are one and the same do not make a thousand of it.
std::map<std::string, std::string> take_relations(Parts& parts, const std::filesystem::path& path,
                                                  std::string_view kind) {
  const std::filesystem::path folder = path.parent_path();
  const auto xml = parts.extract((folder / "_rels" / path.filename()).string() + ".rels");
  std::map<std::string, std::string> targets;
  if (xml.empty()) return targets;
  XmlPart part(xml.mapped());
  while (next_in(part)) {
    if (!part.begins() || part.name() != "Relationship") continue;
    if (!part.attribute("Type").ends_with("/" + std::string(kind))) continue;
    // One that begins with a slash stands for itself.
    const std::filesystem::path target = ("/" / folder / part.attribute("Target")).lexically_normal();
    targets[part.attribute("Id")] = target.string().substr(1);
  }
  return targets;
}

std::string take_notes_under(Parts& parts, const std::string& slide) {
  std::string notes;
  for (const auto& [id, path] : take_relations(parts, slide, "notesSlide")) {
    const auto xml = parts.extract(path);
    if (!xml.empty()) notes += notes_of_slide(xml.mapped());
  }
  return notes;
}

std::vector<std::string> notes_of_presentation(Parts& parts) {
  const auto slides = take_relations(parts, kPresentation, "slide");
  const auto xml = parts.extract(kPresentation);
  std::vector<std::string> notes;
  XmlPart part(xml.mapped());
  while (next_in(part)) {
    if (!part.begins() || part.name() != "sldId") continue;
    const auto slide = slides.find(part.attribute("r:id"));
    notes.push_back(slide == slides.end() ? std::string() : take_notes_under(parts, slide->second));
  }
  return notes;
}

}  // namespace

std::vector<std::string> speaker_notes(std::string_view bytes) {
  if (!bytes.starts_with("PK\x03\x04")) return {};
  Parts parts = parts_of(bytes);
  std::vector<std::string> notes;
  if (parts.contains(kPresentation)) {
    notes = notes_of_presentation(parts);
  } else if (const auto pages = parts.find(kOpenDocument); pages != parts.end()) {
    notes = notes_of_pages(pages->second);
  }
  for (std::string& text : notes) text = core::collapse_space(text);
  return notes;
}

}  // namespace muniment::ingest::worker

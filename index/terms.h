// The register of the search index: every term prefix and value slot, what it means and in which unit. Nothing else in
// the project spells a prefix or a slot number. A change here that an old index would not satisfy raises
// kSchemaVersion; an index of another version is not read but rebuilt. Described for people in docs/search.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muniment::index {

inline constexpr int kSchemaVersion = 5;

// A term is a prefix and a value. Content words carry no prefix: they are folded and never begin with an ASCII capital,
// so no word can pose as a prefixed term. "word" below is a folded token, "value" a whole folded name.
namespace prefix {
inline constexpr std::string_view kId = "Q";                   // the document's identifier, decimal, for the query id:
inline constexpr std::string_view kAccessList = "L";           // access list id, decimal; exactly one a document
inline constexpr std::string_view kStem = "Z";                 // + ISO 639-3 + ":" + stem; without positions
inline constexpr std::string_view kTitle = "S";                // word of the title
inline constexpr std::string_view kTitleStem = "ZS";           // as kStem, of a word of the title
inline constexpr std::string_view kType = "T";                 // word of the document type's name
inline constexpr std::string_view kTag = "K";                  // word of a tag
inline constexpr std::string_view kCorrespondent = "C";        // word of the correspondent's name
inline constexpr std::string_view kFilename = "F";             // word of the file name
inline constexpr std::string_view kLabel = "V";                // word of a label of one of its versions
inline constexpr std::string_view kBarcode = "B";              // word of the code on its paper
inline constexpr std::string_view kSerialNumber = "Y";         // number from the label on its paper, decimal
inline constexpr std::string_view kSender = "M";               // word of who sent it, of a mail
inline constexpr std::string_view kFolder = "N";               // word of the folder's title
inline constexpr std::string_view kTypeValue = "XT";           // value: the type
inline constexpr std::string_view kTagValue = "XK";            // value: one tag
inline constexpr std::string_view kCorrespondentValue = "XC";  // value: the correspondent
inline constexpr std::string_view kClassCode = "XB";  // value: the class code, and that of every class above it
inline constexpr std::string_view kSource = "R";      // how it came in: "upload", "watch", "mailbox", ...
inline constexpr std::string_view kFolderId = "XN";   // folder id, decimal
// + key + ":" + word of a value, or kOwnDate and a date as below, or a number (internal/number_terms.h). Words have no
// signs, so that neither is taken for one.
inline constexpr std::string_view kCustomField = "XF";
inline constexpr std::string_view kOwnDate = "@";
inline constexpr std::string_view kLanguage = "G";  // ISO 639-3
// Which relation, or "#" and the id of the document at its other end, + ":" + that document's access list id: only
// those who may read it are asked for by these, so that nobody learns of it by whatever it has to do with.
inline constexpr std::string_view kRelation = "XR";
inline constexpr std::string_view kHas = "H";  // what the document has: "notes", "text", "tags", ...
inline constexpr std::string_view kIs = "I";   // what it is: "quarantined", "encrypted", "record", ...
// Dates are terms of four grains, so that a range is a handful of terms: decade 202, year 2024, month 202403, day
// 20240305; the grain is the number of digits.
inline constexpr std::string_view kCreated = "D";  // the document's own date
inline constexpr std::string_view kAdded = "A";    // when it came in, UTC
}  // namespace prefix

// The values of has: and is:, as people type them.
inline constexpr std::string_view kHasValues[] = {"text", "notes", "tags",   "type",   "correspondent",
                                                  "date", "class", "folder", "labels", "paper"};
inline constexpr std::string_view kIsValues[] = {"received",    "reading",     "ready",          "needs-password",
                                                 "quarantined", "encrypted",   "signed",         "record",
                                                 "held",        "checked-out", "low-confidence", "no-text"};

// The values of has: and is: that tell of relations, as people type them.
inline constexpr std::string_view kHasRelationValues[] = {"relations", "answers", "parts"};
inline constexpr std::string_view kIsRelationValues[] = {"answer", "successor", "superseded", "part"};

// The values of source:, as people type them, each with those in the database that it stands for.
struct SourceName {
  std::string_view typed;
  std::string_view sources[2];
};
inline constexpr SourceName kSourceNames[] = {
    {"upload", {"upload"}},   {"api", {"api"}},       {"command", {"command"}},
    {"watch", {"watch"}},     {"scan", {"scan"}},     {"mail", {"mailbox", "smtp"}},
    {"mailbox", {"mailbox"}}, {"smtp", {"smtp"}},     {"webdav", {"dav"}},
    {"drop", {"drop"}},       {"member", {"member"}}, {"disposition", {"disposition"}}};

namespace slot {
inline constexpr std::uint32_t kCreated = 1;  // document date as YYYYMMDD; absent when unknown
inline constexpr std::uint32_t kAdded = 2;    // microseconds since 1970 UTC, Xapian::sortable_serialise
inline constexpr std::uint32_t kTitle = 3;    // folded title, at most 64 bytes
// What is counted, in one slot because every look at another costs as much: names as people see them, fields separated
// by kFacetSeparator, and in the field of the tags each tag by kTagSeparator.
inline constexpr std::uint32_t kFacets = 4;
inline constexpr std::uint32_t kPages = 5;  // number of pages, decimal
}  // namespace slot

// The fields of slot::kFacets, in order.
enum class FacetField : std::size_t { type, tag, correspondent, year, language, class_code };
inline constexpr std::size_t kFacetFields = 6;
inline constexpr char kFacetSeparator = '\x1F';
inline constexpr char kTagSeparator = '\x1E';

// Positions: words of the metadata first, then page after page with a gap between, so that no phrase spans two fields
// or pages. A document's data is the table of where its pages begin (internal/document_terms.h).
inline constexpr std::uint32_t kPositionGap = 100;

// A word longer than this many bytes is cut, at indexing and in queries alike.
inline constexpr std::size_t kLongestWord = 64;
// Names used as whole values are cut to this many bytes (Xapian's limit for a term is 245).
inline constexpr std::size_t kLongestValue = 200;

}  // namespace muniment::index

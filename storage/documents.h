// The catalogue: documents, their versions and components. Nothing here is found or changed without saying who asks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hash.h"
#include "storage/access.h"
#include "storage/catalogue.h"
#include "storage/database.h"

namespace muniment::storage {

enum class DocumentState {
  received,        // stored, not looked at yet
  reading,         // its text is being read
  ready,           // read (has_text says whether there was any)
  needs_password,  // encrypted; waits for somebody to unlock it
  quarantined,     // could not be read: problem_code and problem say why; the original is safe
};
std::string_view state_name(DocumentState state);  // "needs-password"

// Where a value came from: a person's value is never replaced by a guess.
enum class ValueSource { none, filename, guessed, person };
std::string_view source_name(ValueSource source);

// On what a document is kept. What is on paper only has no file: no component, no pages, no text.
enum class Medium { digital, physical, physical_and_digital };
std::string_view medium_name(Medium medium);  // "physical_and_digital"

// A page that was recognised with less mean confidence than this is marked, so that people can find and correct it.
// Below it about one word in six is wrong.
inline constexpr int kLowConfidence = 60;

struct Component {
  std::int64_t id = 0;
  std::int64_t position = 1;
  std::string filename;    // for showing only
  std::string media_type;  // found from the bytes; empty until looked at
  core::Sha256 hash;
  std::uint64_t size = 0;
  bool encrypted = false;
  bool is_signed = false;
};

struct DateCandidate {
  core::Date date;
  std::int64_t page = 0;
  std::string context;  // the words around it
};

struct Note {
  std::int64_t id = 0;
  std::string text;
  core::Time created_at;
  std::int64_t created_by = 0;
  std::string author;
};

struct Document {
  std::int64_t id = 0;
  std::int64_t version = 0;  // rises with every change: the ETag
  std::string title;
  ValueSource title_source = ValueSource::filename;
  // What is kept and told in place of the title where those who may not read the document see it; empty: the title.
  std::optional<std::string> public_title;
  std::optional<core::Date> date;
  ValueSource date_source = ValueSource::none;
  std::optional<NamedEntry> type;
  std::optional<NamedEntry> correspondent;
  std::vector<NamedEntry> tags;  // by name
  std::string language;          // ISO 639-3, empty when not found out
  ValueSource language_source = ValueSource::guessed;
  std::optional<std::int64_t> class_id;
  std::string class_code;
  std::string class_title;
  std::optional<std::int64_t> folder_id;
  std::string folder_title;
  std::optional<std::int64_t> own_access_list;
  std::int64_t access_list = 0;
  DocumentState state = DocumentState::received;
  std::string problem_code;
  std::string problem;
  bool has_text = false;
  bool low_confidence = false;
  std::int64_t page_count = 0;
  std::string source;
  core::Time added_at;
  std::int64_t added_by = 0;
  std::string added_by_name;
  std::optional<core::Time> trashed_at;
  std::int64_t trashed_by = 0;
  std::string trashed_by_name;
  std::optional<core::Time> replaced_at;  // its pages went into other documents (page_origins.h)
  bool was_read = false;                  // its text was complete once
  bool withdrawn = false;    // disposed of, and kept only until the end of the restore window: find_document has it not
  bool is_record = false;    // declared: title, class and components are fixed
  bool held = false;         // under hold: nothing may be changed
  bool openly_held = false;  // by a hold that everybody may know of
  std::int64_t note_count = 0;
  bool has_read_pages = false;  // some page's text is not the file's own: the searchable PDF differs from the original
  Medium medium = Medium::digital;
  std::string barcode;                // of its paper; empty: it has none
  std::vector<Component> components;  // of the current version, in order; empty when it is on paper only
};

// The file whose pages are the document's. Error(not_found) for a document that is on paper only.
const Component& require_file(const Document& document);

// Whether the class and every class above it are open: then it accepts what is new. False when there is no such class.
bool class_accepts(Session& session, std::int64_t class_id);
// Error(conflict) when the document stands in a class that accepts nothing new: no version of it either.
void require_accepting_class(Session& session, const Document& document);

// Empty when there is none, or none that `who` may read: the two cannot be told apart.
std::optional<Document> find_document(Session& session, const Principal& who, std::int64_t id);
// Whether there is one that `who` may read.
bool may_read_document(Session& session, const Principal& who, std::int64_t id);
// Error(conflict) while it is under hold; of a hold that not everybody may know of the words tell nothing.
void require_not_held(const Document& document);
// For somebody who wants to do with it what needs this permission. Error(not_found), and Error(forbidden) without the
// permission and for one that `who` may only read.
Document changeable_document(Session& session, const Principal& who, std::int64_t id,
                             Permission permission = Permission::edit_documents);
std::vector<DateCandidate> date_candidates(Session& session, const Document& document);
std::vector<Note> notes(Session& session, const Document& document);

enum class DocumentOrder { newest_first, oldest_first, date_newest_first, date_oldest_first, title };
struct DocumentFilter {
  bool trashed = false;   // only those in the trash, or only those that are not
  bool replaced = false;  // the same of those whose pages went into other documents; the trash has them all
  std::optional<DocumentState> state;
  std::optional<bool> low_confidence;
  std::optional<std::int64_t> class_id;
  std::optional<std::int64_t> folder_id;
};
struct DocumentPage {
  std::vector<std::int64_t> ids;
  std::int64_t total = 0;  // of all that match and `who` may read
};
// Without words to search for, lists come from here; with words, from the index.
DocumentPage list_documents(Session& session, const Principal& who, const DocumentFilter& filter, DocumentOrder order,
                            std::size_t offset, std::size_t limit);
// Those of `ids` that `who` may still read and that are not in the trash, in the same order: the last check of a
// search.
std::vector<Document> load_documents(Session& session, const Principal& who, const std::vector<std::int64_t>& ids);

// What else a document has to be for counting as a duplicate; empty: nothing.
using DuplicateTest = std::function<bool(Session& session, const Document& document)>;
// A document with these bytes that `who` may read: the oldest that passes, one in the trash only when there is no
// other, and none that a disposition batch may take away. One whose pages went into others counts while one of these is
// out of the trash: nothing else shows it.
std::optional<std::int64_t> find_duplicate(Session& session, const Principal& who, const core::Sha256& hash,
                                           const DuplicateTest& passes = {});

struct NewDocument {
  std::string filename;  // as core::display_filename left it
  core::Sha256 hash;     // the blob is in the store already
  std::uint64_t size = 0;
  std::string source;      // "upload", "api", "command", "watch"
  std::string title = {};  // empty: the file name without its extension
  std::optional<core::Date> date = {};
  std::string language = {};
  std::optional<std::int64_t> type_id = {};
  std::optional<std::int64_t> correspondent_id = {};
  std::vector<std::int64_t> tag_ids = {};
  std::optional<std::int64_t> class_id = {};
  std::optional<std::int64_t> folder_id = {};
  std::optional<std::int64_t> access_list = {};
  std::optional<std::string> public_title = {};  // of the document that it is made of
};
// Records blob, document, version, component and audit entry, and queues it for indexing. The caller enqueues the job.
// Error(invalid_argument) for a reference to what does not exist.
std::int64_t create_document(Transaction& tx, const NewDocument& document);
// The same of a document that is on paper only: it needs a title, has no file, and is ready at once.
std::int64_t create_paper_document(Transaction& tx, const NewDocument& document);

// A field that is not set stays as it is; an inner empty optional clears it.
struct DocumentChange {
  std::optional<std::string> title;
  std::optional<std::optional<std::string>> public_title;  // of a record too
  std::optional<std::optional<core::Date>> date;
  std::optional<std::optional<std::int64_t>> type_id;
  std::optional<std::optional<std::int64_t>> correspondent_id;
  std::optional<std::vector<std::int64_t>> tag_ids;
  std::optional<std::string> language;
  std::optional<std::optional<std::int64_t>> class_id;
  std::optional<std::optional<std::int64_t>> folder_id;
  std::optional<std::optional<std::int64_t>> own_access_list;  // needs Permission::manage_access; alone no other
  std::vector<std::pair<std::string, std::optional<std::string>>> custom_fields;  // by key (custom_fields.h)
};
// Returns the new version. Error(not_found), (forbidden), (stale), (conflict) for one in the trash, (invalid_argument).
std::int64_t change_document(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                             const DocumentChange& change);
// To the trash and back; `by`: for what it goes there. Doing it twice is not an error. Error(not_found), (forbidden);
// (conflict) for what is held, a record, or checked out or locked by somebody else.
void trash_document(Transaction& tx, const Principal& who, std::int64_t id, Permission by = Permission::edit_documents);
void restore_document(Transaction& tx, const Principal& who, std::int64_t id);
std::int64_t add_note(Transaction& tx, const Principal& who, std::int64_t document_id, std::string_view text);
// False when the document has no such note.
bool remove_note(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t note_id);

// For the pipeline ---------------------------------------------------------------------------------------------------

struct InspectionResult {
  std::string media_type;
  bool encrypted = false;
  bool is_signed = false;
  std::int64_t page_count = 0;
};
void record_inspection(Transaction& tx, std::int64_t document_id, std::int64_t component_id,
                       const InspectionResult& inspection);
void set_state(Transaction& tx, std::int64_t document_id, DocumentState state, std::string_view problem_code = {},
               std::string_view problem = {});

struct ReadingResult {
  std::string title;                 // guessed; empty: none
  std::vector<DateCandidate> dates;  // best first
  std::string language;
};
// After the last page is stored: state, has_text and low_confidence follow from the pages; guesses fill what no person
// has filled. Queues for indexing.
void record_reading(Transaction& tx, std::int64_t document_id, const ReadingResult& reading);

// For verify: rows that do not agree with the hash that was made when they were captured.
std::vector<std::string> damaged_documents(Session& session);

}  // namespace muniment::storage

// Where the catalogue and the search index meet: the documents that changed since they were last indexed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/access.h"
#include "storage/custom_fields.h"
#include "storage/database.h"
#include "storage/jobs.h"
#include "storage/relations.h"

namespace muniment::storage {

// Idempotent; called by everything here that changes what is searched: text, metadata, access, trash.
void queue_for_indexing(Transaction& tx, std::int64_t document_id);

struct ChangedDocument {
  std::int64_t sequence = 0;  // rises; a document that changes again gets a new one
  std::int64_t document_id = 0;
  bool being_read = false;  // or waiting for it: it will change again by itself
};
// The oldest first, after the sequence number `after`.
std::vector<ChangedDocument> changed_documents(Session& session, std::size_t limit, std::int64_t after = 0);
// False when it was indexed, or changed again.
bool is_still_queued(Session& session, const ChangedDocument& document);
bool is_queued_for_indexing(Session& session, std::int64_t document_id);
std::int64_t changed_document_count(Session& session);
// What the index may still take for readable by `who`, because it has not learnt yet that fewer people may read it.
// What it is asked has to leave these out, or it would count them; asked for before the index is, so that a document
// is in this list or out of the index.
std::vector<std::int64_t> not_readable_any_more(Session& session, const Principal& who);
// The highest sequence number ever given out.
std::int64_t last_index_sequence(Session& session);

// After the index has made them durable: forgets the entries whose sequence is still the same, and ends the jobs that
// waited only for the index. Returns those jobs, done.
std::vector<Job> mark_indexed(Transaction& tx, const std::vector<ChangedDocument>& documents);

struct IndexablePage {
  std::int64_t number = 0;
  std::string text;  // words and line breaks as in PageLayer::text
};

// To another document, as seen from this one. Who may not read the other learns nothing of it.
struct IndexableRelation {
  RelationKind kind = RelationKind::relates_to;
  bool reversed = false;  // as in Relation
  std::int64_t other_id = 0;
  std::int64_t access_list = 0;  // the other's
};

// What the index needs to know of a document, in words and identifiers.
struct IndexableDocument {
  std::int64_t id = 0;
  // 0, which nobody may read, in the trash, replaced, and after disposition: holds still match it.
  std::int64_t access_list = 0;
  std::int64_t told_list = 0;  // of those who are told that it changed: the one that it has, also there
  std::string title;
  std::string filename;                       // empty when it is on paper only
  std::string barcode;                        // of its paper; empty: it has none
  std::optional<std::int64_t> serial_number;  // from the label on the paper
  std::string type;                           // names; empty when there is none
  std::string correspondent;
  std::vector<std::string> tags;
  std::vector<std::string> version_labels;
  std::vector<std::string> class_codes;  // its class and every class above it
  std::int64_t folder_id = 0;            // 0: none
  std::string folder;                    // its title
  std::string language;
  std::string media_type;
  std::string source;  // how it came in: "upload", "watch", "mailbox" ...
  std::string sender;  // From, of a mail or of the one that it was attached to; words of it are on its first page
  std::string state;   // as in the database: "ready", "quarantined" ...
  std::optional<core::Date> document_date;
  core::Time added_at;
  bool has_text = false;
  bool low_confidence = false;
  bool encrypted = false;
  bool is_signed = false;
  bool is_record = false;
  bool openly_held = false;  // by a hold that everybody may know of
  std::int64_t page_count = 0;
  std::vector<std::string> notes;
  std::vector<SearchableValue> custom;
  bool checked_out = false;
  std::vector<IndexableRelation> relations;  // to documents that are neither in the trash nor gone
  std::vector<IndexablePage> pages;
};

// Empty when the document is gone: it is to be taken out of the index.
std::optional<IndexableDocument> load_indexable(Session& session, std::int64_t document_id);
// One page's text, for snippets; empty when there is none.
std::optional<std::string> load_page_text(Session& session, std::int64_t document_id, std::int64_t page);

// Every document that ought to be in the index, ascending, after `after`; for reconciling and rebuilding.
std::vector<std::int64_t> indexable_documents(Session& session, std::int64_t after, std::size_t limit);
std::int64_t indexable_document_count(Session& session);

}  // namespace muniment::storage

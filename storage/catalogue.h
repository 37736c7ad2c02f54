// The controlled vocabularies of the catalogue: document types, correspondents and tags.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

enum class Vocabulary { type, correspondent, tag };

struct NamedEntry {
  std::int64_t id = 0;
  std::string name;
};

// Names that contain `part` when case-folded, those that begin with it first, then by name. Everything for an empty
// one.
std::vector<NamedEntry> list_names(Session& session, Vocabulary vocabulary, std::string_view part, std::size_t limit);
std::optional<NamedEntry> find_name(Session& session, Vocabulary vocabulary, std::int64_t id);
// By its name, case-folded.
std::optional<NamedEntry> find_named(Session& session, Vocabulary vocabulary, std::string_view name);
// The entry with that name (case-folded), made when missing. Error(invalid_argument) for an empty name or over 200
// bytes.
NamedEntry ensure_name(Transaction& tx, Vocabulary vocabulary, std::string_view name);
// Error(conflict) when another entry has the name, or a document that carries it is under hold; Error(not_found).
// Queues the documents that carry it for indexing.
void rename(Transaction& tx, Vocabulary vocabulary, std::int64_t id, std::string_view name);
// Takes it off every document, each with an audit entry of its own, and forgets it; tags below it come up.
// Error(not_found), and Error(conflict) while one of them is under hold.
void remove_name(Transaction& tx, Vocabulary vocabulary, std::int64_t id);
// Two entries that mean the same become one: what carries `id` or is ruled by it, or gives it to documents
// (filing rules, custom fields, rules of mailboxes, workflows and their runs, plans of scans) gets `into`, and `id` is
// forgotten. Bulk changes do not follow: one under way, or taken back later, that gives `id` is refused from then on.
// Returns how many documents were changed. Error(not_found); Error(conflict) while one of them is under hold, for then
// nothing of it may change. Tags below `id` stand below `into` then (tag_tree.h).
std::int64_t merge_names(Transaction& tx, Vocabulary vocabulary, std::int64_t id, std::int64_t into);
// How many documents that `who` may read, and that are not in the trash, carry each of these entries, in their order.
std::vector<std::int64_t> carrier_counts(Session& session, const Principal& who, Vocabulary vocabulary,
                                         const std::vector<NamedEntry>& entries);

}  // namespace muniment::storage

// The stored page layers of a document's components.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "storage/documents.h"
#include "storage/page_layer.h"

namespace muniment::storage {

std::string_view text_source_name(TextSource source);  // "ocr"

struct PageSummary {
  std::int64_t number = 0;
  TextSource source = TextSource::none;
  int confidence = 0;
  std::string language;
  std::string problem;  // why this page alone could not be read, or not all of it; empty when it was
};

// Replaces what was read of the page before, but never a person's correction (then it becomes the layer that
// `revert_page_text` returns to). `picture`: of what was recognised and how, for find_layer_of_picture.
void store_page(Transaction& tx, std::int64_t component_id, std::int64_t number, const PageLayer& layer,
                std::string_view problem = {}, const std::optional<core::Sha256>& picture = {});
// The pages of a component that are stored, ascending: what an interrupted reading need not do again.
std::vector<std::int64_t> stored_pages(Session& session, std::int64_t component_id);
// Forgets everything read of a component, corrections excepted: before it is read anew.
void forget_pages(Transaction& tx, std::int64_t component_id);

// In words: pages, of every version, whose row does not agree with the hash it was stored with; the first 1000 of them.
std::vector<std::string> damaged_pages(Session& session);

// Having a Document is the proof that its reader may read it. The pages from this number on, ascending, at most so
// many.
std::vector<PageSummary> page_summaries(Session& session, const Document& document, std::int64_t from = 1,
                                        std::int64_t most = std::numeric_limits<std::int64_t>::max());
std::optional<PageLayer> find_page(Session& session, const Document& document, std::int64_t number);
// As it was read, before a person's correction; the same as find_page when there was none.
std::optional<PageLayer> find_page_as_read(Session& session, const Document& document, std::int64_t number);
// What a page of this document, of any version, was read as that had this picture; never a person's correction. Not of
// another document: a file that takes its reader over could answer for pictures that are in others.
std::optional<PageLayer> find_layer_of_picture(Session& session, std::int64_t document_id, const core::Sha256& picture);
// For the pipeline, which has no reader.
std::optional<PageLayer> find_component_page(Session& session, std::int64_t component_id, std::int64_t number);

// A person's text for one page: kept beside what was read, audited, and queued for indexing. Words that stay keep their
// boxes; new ones get the place of what they replace. Error(not_found), (forbidden), (stale).
std::int64_t correct_page_text(Transaction& tx, const Principal& who, std::int64_t document_id,
                               std::int64_t expected_version, std::int64_t page, std::string_view text);

}  // namespace muniment::storage

// What has been learned of how people file (ingest/filing_model.h): for each document that a person has filed, its
// words as numbers and what it was filed under. The database keeps a queue of documents to be looked at again.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "storage/database.h"
#include "storage/filing_rules.h"

namespace muniment::storage {

struct FilingLabel {
  FilingField field = FilingField::type;
  std::int64_t value = 0;
  auto operator<=>(const FilingLabel&) const = default;
};

// Hashes of words, ascending, each with how often it occurs (at most 255).
using FilingFeatures = std::vector<std::pair<std::uint32_t, std::uint8_t>>;

struct FilingExample {
  std::int64_t document_id = 0;
  std::int64_t access_list = 0;
  FilingFeatures features;
  std::vector<FilingLabel> labels;
  bool operator==(const FilingExample&) const = default;
};

// What is learned so far, in chunks, those of documents after `after`.
std::vector<FilingExample> filing_examples(Session& session, std::int64_t after, std::size_t limit);

// A document whose text, filing or access has changed.
struct FilingTask {
  std::int64_t sequence = 0;
  std::int64_t document_id = 0;
};
std::vector<FilingTask> filing_tasks(Session& session, std::size_t limit);
// What a person has filed it under, without its features: empty when no person has, or it is in the trash or gone. What
// the service has filled in is no example.
std::optional<FilingExample> filed_by_people(Session& session, std::int64_t document_id);
// Puts what there is now in the place of what was learned of that document, and ends the task unless the document has
// changed again. Returns what was there before.
std::optional<FilingExample> store_filing_example(Transaction& tx, const FilingTask& task,
                                                  const std::optional<FilingExample>& example);

}  // namespace muniment::storage

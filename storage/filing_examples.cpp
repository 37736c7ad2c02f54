#include "storage/filing_examples.h"

#include "core/error.h"
#include "core/text.h"
#include "storage/internal/document_rows.h"

namespace muniment::storage {

namespace {

constexpr std::size_t kBytesPerFeature = 5;

Blob encoded(const FilingFeatures& features) {
  std::string bytes;
  for (const auto& [feature, count] : features) {
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(feature >> shift & 0xFF);
    bytes += static_cast<char>(count);
  }
  return {bytes};
}

FilingFeatures decoded(const std::string& bytes) {
  FilingFeatures features;
  for (std::size_t at = 0; at + kBytesPerFeature <= bytes.size(); at += kBytesPerFeature) {
    std::uint32_t feature = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      feature |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    }
    features.emplace_back(feature, static_cast<std::uint8_t>(bytes[at + 4]));
  }
  return features;
}

std::string written(const std::vector<FilingLabel>& labels) {
  std::string text;
  for (const FilingLabel& label : labels) {
    if (!text.empty()) text += ' ';
    text += std::string(field_name(label.field)) + " " + std::to_string(label.value);
  }
  return text;
}

std::vector<FilingLabel> read_labels(const std::string& text) {
  const auto words = core::split(text, ' ');
  std::vector<FilingLabel> labels;
  for (std::size_t at = 0; at + 1 < words.size(); at += 2) {
    const auto field = parse_filing_field(words[at]);
    const auto value = core::parse_integer(words[at + 1]);
    if (!field || !value) throw core::Error(core::ErrorCode::corrupt, "the database holds an odd filing example");
    labels.push_back({*field, *value});
  }
  return labels;
}

}  // namespace

std::vector<FilingExample> filing_examples(Session& session, std::int64_t after, std::size_t limit) {
  std::vector<FilingExample> examples;
  for (const auto& [id, list, features, labels] : session.rows<std::int64_t, std::int64_t, Blob, std::string>(
           "SELECT document_id, access_list_id, features, labels FROM filing_example WHERE document_id > $1 "
           "ORDER BY document_id LIMIT $2",
           after, limit)) {
    examples.push_back({id, list, decoded(features.bytes), read_labels(labels)});
  }
  return examples;
}

std::vector<FilingTask> filing_tasks(Session& session, std::size_t limit) {
  std::vector<FilingTask> tasks;
  for (const auto& [sequence, document] : session.rows<std::int64_t, std::int64_t>(
           "SELECT sequence, document_id FROM filing_task ORDER BY sequence LIMIT $1", limit)) {
    tasks.push_back({sequence, document});
  }
  return tasks;
}

std::optional<FilingExample> filed_by_people(Session& session, std::int64_t document_id) {
  const auto document = read_document(session, document_id);
  if (!document || document->trashed_at || document->withdrawn || document->state != DocumentState::ready) {
    return std::nullopt;
  }
  FilingExample example{document_id, document->access_list, {}, {}};
  const auto add = [&](FilingField field, std::optional<std::int64_t> value) {
    if (value) example.labels.push_back({field, *value});
  };
  add(FilingField::type, document->type ? std::optional(document->type->id) : std::nullopt);
  add(FilingField::correspondent, document->correspondent ? std::optional(document->correspondent->id) : std::nullopt);
  for (const NamedEntry& tag : document->tags) add(FilingField::tag, tag.id);
  add(FilingField::class_, document->class_id);
  add(FilingField::folder, document->folder_id);
  if (example.labels.empty()) return std::nullopt;
  const auto by_service = fields_filed(session, document_id).by_service;
  std::erase_if(example.labels, [&](const FilingLabel& label) { return by_service.contains(label.field); });
  if (example.labels.empty()) return std::nullopt;
  return example;
}

std::optional<FilingExample> store_filing_example(Transaction& tx, const FilingTask& task,
                                                  const std::optional<FilingExample>& example) {
  std::optional<FilingExample> before;
  auto found = filing_examples(tx, task.document_id - 1, 1);
  if (!found.empty() && found.front().document_id == task.document_id) before = std::move(found.front());
  if (example) {
    tx.execute(
        "INSERT INTO filing_example (document_id, access_list_id, features, labels) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (document_id) DO UPDATE SET access_list_id = excluded.access_list_id, "
        "features = excluded.features, labels = excluded.labels",
        example->document_id, example->access_list, encoded(example->features), written(example->labels));
  } else if (before) {
    tx.execute("DELETE FROM filing_example WHERE document_id = $1", task.document_id);
  }
  tx.execute("DELETE FROM filing_task WHERE sequence = $1", task.sequence);
  return before;
}

}  // namespace muniment::storage

#include "storage/pages.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/as_seen.h"
#include "storage/index_queue.h"
#include "storage/internal/document_rows.h"
#include "storage/internal/page_hash.h"
#include "storage/page_correction.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestPageText = 1024 * 1024;

TextSource parse_text_source(std::string_view name) {
  for (const TextSource source :
       {TextSource::none, TextSource::native, TextSource::ocr, TextSource::blank, TextSource::corrected}) {
    if (text_source_name(source) == name) return source;
  }
  throw Error(ErrorCode::corrupt, "the database holds an unknown source of text");
}

// A document's pages are those of its first component, until documents of several components come. What is on paper
// has none: 0, which is no component.
std::int64_t paged_component(const Document& document) {
  return document.components.empty() ? 0 : document.components.front().id;
}

}  // namespace

std::string_view text_source_name(TextSource source) {
  switch (source) {
    case TextSource::none:
      return "none";
    case TextSource::native:
      return "native";
    case TextSource::ocr:
      return "ocr";
    case TextSource::blank:
      return "blank";
    case TextSource::corrected:
      return "corrected";
  }
  return "none";
}

void store_page(Transaction& tx, std::int64_t component_id, std::int64_t number, const PageLayer& layer,
                std::string_view problem, const std::optional<core::Sha256>& picture) {
  const std::optional<std::string> hash = picture ? std::optional(picture->hex()) : std::nullopt;
  const auto source =
      tx.value<std::string>("SELECT source FROM page WHERE component_id = $1 AND number = $2", component_id, number);
  if (source == text_source_name(TextSource::corrected)) {
    // A correction that is damaged must not get a new hash that says it is sound.
    const bool was_sound = is_page_sound(tx, component_id, number);
    tx.execute("UPDATE page SET original_layer = $1, picture_hash = $2 WHERE component_id = $3 AND number = $4",
               Blob{encode(layer)}, hash, component_id, number);
    if (was_sound) seal_page(tx, component_id, number);
    return;
  }
  tx.execute(
      "INSERT INTO page (component_id, number, source, confidence, language, layer, problem, picture_hash) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (component_id, number) DO UPDATE SET "
      "source = excluded.source, confidence = excluded.confidence, language = excluded.language, "
      "layer = excluded.layer, problem = excluded.problem, picture_hash = excluded.picture_hash",
      component_id, number, text_source_name(layer.source), std::int64_t{layer.mean_confidence}, layer.language,
      Blob{encode(layer)}, problem, hash);
  seal_page(tx, component_id, number);
}

std::vector<std::int64_t> stored_pages(Session& session, std::int64_t component_id) {
  std::vector<std::int64_t> numbers;
  for (const auto& [number] :
       session.rows<std::int64_t>("SELECT number FROM page WHERE component_id = $1 ORDER BY number", component_id)) {
    numbers.push_back(number);
  }
  return numbers;
}

void forget_pages(Transaction& tx, std::int64_t component_id) {
  tx.execute("DELETE FROM page WHERE component_id = $1 AND source <> 'corrected'", component_id);
}

std::vector<PageSummary> page_summaries(Session& session, const Document& document, std::int64_t from,
                                        std::int64_t most) {
  std::vector<PageSummary> pages;
  for (const auto& [number, source, confidence, language, problem] :
       session.rows<std::int64_t, std::string, int, std::string, std::string>(
           "SELECT number, source, confidence, language, problem FROM page WHERE component_id = $1 AND number >= $2 "
           "ORDER BY number LIMIT $3",
           paged_component(document), from, most)) {
    pages.push_back({number, parse_text_source(source), confidence, language, problem});
  }
  return pages;
}

std::optional<PageLayer> find_page(Session& session, const Document& document, std::int64_t number) {
  return find_component_page(session, paged_component(document), number);
}

std::optional<PageLayer> find_page_as_read(Session& session, const Document& document, std::int64_t number) {
  const auto layer =
      session.value<Blob>("SELECT coalesce(original_layer, layer) FROM page WHERE component_id = $1 AND number = $2",
                          paged_component(document), number);
  if (!layer) return std::nullopt;
  return decode_page_layer(layer->bytes);
}

std::optional<PageLayer> find_layer_of_picture(Session& session, std::int64_t document_id,
                                               const core::Sha256& picture) {
  constexpr int kTried = 5;  // a damaged page gives nothing to others
  const auto pages = session.rows<std::int64_t, std::int64_t, Blob>(
      "SELECT p.component_id, p.number, coalesce(p.original_layer, p.layer) FROM page p "
      "JOIN component c ON c.id = p.component_id "
      "WHERE p.picture_hash = $1 AND p.problem = '' AND c.document_id = $2 ORDER BY c.version DESC LIMIT $3",
      picture.hex(), document_id, kTried);
  for (const auto& [component, number, layer] : pages) {
    if (is_page_sound(session, component, number)) return decode_page_layer(layer.bytes);
  }
  return std::nullopt;
}

std::optional<PageLayer> find_component_page(Session& session, std::int64_t component_id, std::int64_t number) {
  const auto layer =
      session.value<Blob>("SELECT layer FROM page WHERE component_id = $1 AND number = $2", component_id, number);
  if (!layer) return std::nullopt;
  return decode_page_layer(layer->bytes);
}

std::int64_t correct_page_text(Transaction& tx, const Principal& who, std::int64_t document_id,
                               std::int64_t expected_version, std::int64_t page, std::string_view text) {
  const Document document = changeable_document(tx, who, document_id);
  require_as_seen(document.version, expected_version, "document");
  if (document.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it to change it");
  require_free_to_change(tx, document);
  if (text.size() > kLongestPageText) {
    throw Error(ErrorCode::too_large, "a page's text may have at most 1 MiB", {{"/text", "at most 1 MiB"}});
  }
  const auto before = find_page(tx, document, page);
  const auto as_read = find_page_as_read(tx, document, page);
  if (!before || !as_read) throw Error(ErrorCode::not_found, "this document has no page " + std::to_string(page));
  const PageLayer after = corrected(*as_read, text);
  const std::int64_t component = paged_component(document);
  tx.execute(
      "UPDATE page SET original_layer = coalesce(original_layer, layer), layer = $1, source = 'corrected', "
      "confidence = 100, problem = '' WHERE component_id = $2 AND number = $3",
      Blob{encode(after)}, component, page);
  seal_page(tx, component, page);
  tx.execute(
      "UPDATE document SET version = version + 1, has_text = 1, low_confidence = "
      "(SELECT coalesce(max(source IN ('ocr', 'none') AND confidence < $1), 0) FROM page WHERE component_id = $2) "
      "WHERE id = $3",
      kLowConfidence, component, document_id);
  queue_for_indexing(tx, document_id);
  tx.audit({"document.text_corrected", "document", document_id,
            nlohmann::ordered_json{{"page", page}, {"text", before->text()}}.dump(),
            nlohmann::ordered_json{{"page", page}, {"text", after.text()}}.dump()});
  return document.version + 1;
}

}  // namespace muniment::storage

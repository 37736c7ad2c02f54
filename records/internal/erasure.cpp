#include "records/internal/erasure.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/tombstones.h"
#include "storage/access.h"
#include "storage/audit.h"
#include "storage/custom_fields.h"
#include "storage/documents.h"
#include "storage/index_queue.h"
#include "storage/uploads.h"

namespace muniment::records {

using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

// Entries that may quote the document or say in somebody's own words what was done with it and why: titles, file names,
// notes, page texts, what a link was labelled, names of events, reasons. What names numbers only stays.
constexpr std::string_view kQuotes =
    "a.object = 'document' AND (a.action LIKE 'document.%' AND a.action <> 'document.trash_emptying' OR a.action LIKE "
    "'share_link.%' OR a.action LIKE "
    "'workflow.%' OR a.action LIKE 'event.%' OR a.action LIKE 'record.schedule!_%' ESCAPE '!' OR a.action IN "
    "('record.reclassified', 'record.reviewed', 'record.not_declared', 'privacy.restricted', "
    "'privacy.restriction_lifted', 'hold.document_released', 'disposition.restored', 'disposition.skipped', "
    "'disposition.taken_out'))";
const std::string kQuotingEntries =
    "SELECT a.sequence FROM audit a JOIN audit_detail d ON d.sequence = a.sequence WHERE a.object_id = $1 AND " +
    std::string(kQuotes);

// Outcomes, of a batch that it stayed out of or came back from, with what somebody said of that.
constexpr std::string_view kQuotingOutcomes =
    "document_id = $1 AND reason <> '' AND (outcome = 'restored' OR reason LIKE 'the transfer was cancelled:%' OR "
    "reason LIKE 'the batch was withdrawn:%' OR reason LIKE 'it was taken out:%')";
// Imports whose file the service keeps: one that was sent, until all of it is taken in. What ended before that is
// forgotten soon when it holds what was destroyed (storage/archive_imports.h).
constexpr std::string_view kKeptImports =
    "(SELECT a.id FROM archive_import a JOIN job j ON j.id = a.job_id WHERE a.uploaded = 1 AND NOT (j.kind = 'import' "
    "AND j.state = 'done'))";
// Which of such words were taken out of all that was purged before: to be raised whenever more are known.
constexpr std::string_view kQuotesSetting = "erasure.quotes_known";
constexpr std::string_view kQuotesKnown = "1";
constexpr std::size_t kLookedAtOnce = 500;

// As its schedule says, or as is chosen for all.
std::set<TombstoneField> fields_to_keep(Session& session, std::int64_t document_id) {
  const auto of_schedule = session.value<std::optional<std::string>>(
      "SELECT v.tombstone_fields FROM record r JOIN schedule_version v ON v.schedule_id = r.schedule_id AND v.number = "
      "r.schedule_version WHERE r.document_id = $1",
      document_id);
  if (of_schedule && *of_schedule) return parse_tombstone_fields(**of_schedule);
  return tombstone_fields(session);
}

// Values as people read them: a document's or a person's number says nothing to them later.
std::string custom_fields_json(Session& session, std::int64_t document_id) {
  Json values = Json::array();
  const Principal system = storage::system_principal(session, "disposition");
  const auto document = storage::find_document(session, system, document_id);
  if (!document) return values.dump();
  for (const auto& value : storage::custom_values(session, system, *document, storage::list_custom_fields(session))) {
    if (value.value.empty()) continue;
    values.push_back({{"key", value.field.key}, {"name", value.field.terms.name}, {"value", value.shown}});
  }
  return values.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// That it was destroyed stays, and its codes, which are not given again.
void erase_paper(Transaction& tx, std::int64_t document_id) {
  // Open in an old backup only.
  tx.execute("UPDATE loan SET returned_at = $1 WHERE document_id = $2 AND returned_at IS NULL", tx.now(), document_id);
  tx.execute("UPDATE barcode SET replaced_at = $1 WHERE document_id = $2 AND replaced_at IS NULL", tx.now(),
             document_id);
  tx.execute("DELETE FROM reservation WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM loan WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM movement WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM scan_check WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM physical_item WHERE document_id = $1", document_id);
}

}  // namespace

std::vector<core::Sha256> component_hashes(Session& session, std::int64_t document_id) {
  std::vector<core::Sha256> hashes;
  for (const auto& [hash] :
       session.rows<core::Sha256>("SELECT DISTINCT sha256 FROM component WHERE document_id = $1", document_id)) {
    hashes.push_back(hash);
  }
  return hashes;
}

std::vector<core::Sha256> forget_unused_blobs(Transaction& tx, const std::vector<core::Sha256>& hashes) {
  std::vector<core::Sha256> unused;
  for (const core::Sha256& hash : hashes) {
    if (tx.value<std::int64_t>("SELECT count(*) FROM component WHERE sha256 = $1", hash).value() > 0) continue;
    tx.execute("DELETE FROM blob WHERE sha256 = $1", hash);
    unused.push_back(hash);
  }
  return unused;
}

void erase_quotes(Transaction& tx, std::int64_t document_id) {
  for (const auto& [sequence] : tx.rows<std::int64_t>(kQuotingEntries, document_id)) {
    storage::erase_audit_detail(tx, sequence, "the document was destroyed");
  }
  tx.execute("UPDATE disposition_item SET reason = '' WHERE " + std::string(kQuotingOutcomes), document_id);
}

void erase_older_quotes(storage::Database& database) {
  std::int64_t after = 0;
  for (bool more = true; more;) {
    auto tx = database.begin(storage::Actor::system("recovery"));
    if (tx.value<std::string>("SELECT value FROM setting WHERE name = $1", kQuotesSetting) == kQuotesKnown) return;
    const auto purged = tx.rows<std::int64_t>(
        "SELECT document_id FROM tombstone WHERE purged_at IS NOT NULL AND document_id > $1 ORDER BY document_id LIMIT "
        "$2",
        after, kLookedAtOnce);
    for (const auto& [id] : purged) {
      erase_quotes(tx, id);
      after = id;
    }
    more = !purged.empty();
    if (!more) {
      tx.execute(
          "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
          kQuotesSetting, kQuotesKnown);
    }
    tx.commit();
  }
}

void erase_rows(Transaction& tx, std::int64_t document_id) {
  erase_quotes(tx, document_id);
  // What keeps its tags must not keep it from going.
  tx.execute("DELETE FROM restriction WHERE document_id = $1", document_id);
  // Its file name, and answers that may quote it.
  tx.execute("UPDATE upload SET document_id = NULL, job_id = NULL, metadata = '{}' WHERE document_id = $1",
             document_id);
  storage::forget_answers_about(tx, document_id);
  tx.execute("DELETE FROM scan_document WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM whole_document WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM job WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM declaration_queue WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM retention_queue WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM reclassification WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM retention_event WHERE document_id = $1", document_id);
  erase_paper(tx, document_id);
  tx.execute("DELETE FROM note WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM document_tag WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM custom_value WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM document_relation WHERE document_id = $1 OR other_id = $1", document_id);
  tx.execute("DELETE FROM message_header WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM document_member WHERE container_id = $1", document_id);
  // That there was a file stays, so that reading what it came in again does not bring it back.
  tx.execute("UPDATE document_member SET document_id = NULL, path = '' WHERE document_id = $1", document_id);
  // That it came with an import stays, without its name there; which one it was stays too while that holds its bytes.
  tx.execute("UPDATE archive_import_item SET path = '' WHERE document_id = $1", document_id);
  tx.execute("UPDATE archive_import_item SET document_id = NULL WHERE document_id = $1 AND import_id NOT IN " +
                 std::string(kKeptImports),
             document_id);
  tx.execute("DELETE FROM archive_import_link WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM date_candidate WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM document_field WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM paper_sketch WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM kept_scan WHERE one_id = $1", document_id);
  tx.execute("DELETE FROM kept_scan WHERE other_id = $1", document_id);
  tx.execute("DELETE FROM page WHERE component_id IN (SELECT id FROM component WHERE document_id = $1)", document_id);
  // With what it says of a mail's attachments.
  tx.execute("DELETE FROM joined_mail WHERE component_id IN (SELECT id FROM component WHERE document_id = $1)",
             document_id);
  tx.execute("DELETE FROM component WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM document_version WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM record WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM document WHERE id = $1", document_id);
  // Last, so that nothing above can begin one anew. Runs that wait end with it; their logs go too.
  tx.execute("DELETE FROM workflow_event WHERE document_id = $1", document_id);
  tx.execute("DELETE FROM workflow_run WHERE document_id = $1", document_id);
  // The index takes out what is queued and no longer there.
  storage::queue_for_indexing(tx, document_id);
}

std::vector<std::string> remains_of(Session& session, std::int64_t document_id) {
  std::vector<std::string> remains;
  const auto count = [&](const char* what, std::string_view statement) {
    if (session.value<std::int64_t>(statement, document_id).value() > 0) remains.emplace_back(what);
  };
  count("its row", "SELECT count(*) FROM document WHERE id = $1");
  count("its record", "SELECT count(*) FROM record WHERE document_id = $1");
  count("components", "SELECT count(*) FROM component WHERE document_id = $1");
  count("notes", "SELECT count(*) FROM note WHERE document_id = $1");
  count("tags", "SELECT count(*) FROM document_tag WHERE document_id = $1");
  count("values of fields", "SELECT count(*) FROM custom_value WHERE document_id = $1");
  count("uploads", "SELECT count(*) FROM upload WHERE document_id = $1");
  count("relations", "SELECT count(*) FROM document_relation WHERE document_id = $1 OR other_id = $1");
  count("date candidates", "SELECT count(*) FROM date_candidate WHERE document_id = $1");
  count("found fields", "SELECT count(*) FROM document_field WHERE document_id = $1");
  count("headers of a mail", "SELECT count(*) FROM message_header WHERE document_id = $1");
  count("what was in it", "SELECT count(*) FROM document_member WHERE container_id = $1 OR document_id = $1");
  count("what it came in with",
        "SELECT count(*) FROM archive_import_item WHERE document_id = $1 AND (path <> '' OR import_id IN " +
            std::string(kKeptImports) + ")");
  count("its paper", "SELECT count(*) FROM physical_item WHERE document_id = $1");
  count("loans", "SELECT count(*) FROM loan WHERE document_id = $1");
  count("movements", "SELECT count(*) FROM movement WHERE document_id = $1");
  count("jobs", "SELECT count(*) FROM job WHERE document_id = $1");
  count("share links", "SELECT count(*) FROM share_link WHERE document_id = $1");
  count("events for workflows", "SELECT count(*) FROM workflow_event WHERE document_id = $1");
  count("runs of workflows", "SELECT count(*) FROM workflow_run WHERE document_id = $1");
  count("what was learned of it", "SELECT count(*) FROM filing_example WHERE document_id = $1");
  count("who has custody", "SELECT count(*) FROM kept_copy WHERE document_id = $1");
  count("what was said with outcomes", "SELECT count(*) FROM disposition_item WHERE " + std::string(kQuotingOutcomes));
  if (!session.rows<std::int64_t>(kQuotingEntries, document_id).empty()) remains.emplace_back("audit details");
  return remains;
}

std::string destruction_details(Session& session, std::int64_t document_id) {
  const auto [batch, class_code, schedule_code] =
      session
          .row<std::optional<std::int64_t>, std::string, std::string>(
              "SELECT batch_id, class_code, schedule_code FROM tombstone WHERE document_id = $1", document_id)
          .value();
  Json approved_by = Json::array();
  for (const auto& [account] : session.rows<std::int64_t>(
           "SELECT account_id FROM disposition_approval WHERE batch_id = $1 AND decision = 'approve' ORDER BY at, "
           "account_id",
           batch.value_or(0))) {
    approved_by.push_back(account);
  }
  return Json{{"batch_id", batch ? Json(*batch) : Json()},
              {"class", class_code},
              {"schedule", schedule_code},
              {"approved_by", std::move(approved_by)}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write_tombstone(Transaction& tx, std::int64_t document_id, std::optional<std::int64_t> batch_id,
                     const TombstoneTerms& terms) {
  Json components = Json::array();
  for (const auto& [hash, size] : tx.rows<std::string, std::int64_t>(
           "SELECT c.sha256, b.size FROM component c JOIN blob b ON b.sha256 = c.sha256 WHERE c.document_id = $1 "
           "ORDER BY c.version, c.position",
           document_id)) {
    components.push_back({{"sha256", hash}, {"size", size}});
  }
  const auto fields = fields_to_keep(tx, document_id);
  // What somebody had erased must not name them for good in what is left.
  const bool erased =
      tx.value<std::int64_t>("SELECT count(*) FROM erasure_item WHERE document_id = $1 AND decision = 'erase'",
                             document_id)
          .value() > 0;
  const auto kept = [&](TombstoneField field) {
    const bool may_name = field == TombstoneField::title || field == TombstoneField::correspondent ||
                          field == TombstoneField::folder || field == TombstoneField::custom_fields;
    return fields.contains(field) && !(erased && may_name);
  };
  tx.execute(
      "INSERT INTO tombstone (document_id, batch_id, access_list_id, class_code, title, document_date, document_type, "
      "correspondent, folder, barcode, serial_number, captured_at, declared_on, schedule_code, schedule_version, "
      "authority, retain_through, components, executed_at, medium, transferred_to, custom_fields) "
      "SELECT d.id, $1, d.access_list_id, coalesce(c.code, ''), "
      "CASE WHEN $2 = 1 THEN coalesce(d.public_title, CASE WHEN d.title_source = 'person' THEN d.title END) END, CASE "
      "WHEN $3 = 1 THEN d.document_date END, "
      "CASE WHEN $4 = 1 THEN t.name END, CASE WHEN $5 = 1 THEN p.name END, CASE WHEN $6 = 1 THEN "
      "coalesce(f.public_title, f.title) END, "
      "CASE WHEN $7 = 1 THEN b.code END, CASE WHEN $8 = 1 THEN n.number END, "
      "d.added_at, r.declared_on, coalesce(s.code, ''), r.schedule_version, "
      "coalesce(v.authority, ''), r.retain_through, $9, $10, d.medium, $11, $12 FROM document d "
      "LEFT JOIN class c ON c.id = d.class_id LEFT JOIN document_type t ON t.id = d.type_id "
      "LEFT JOIN correspondent p ON p.id = d.correspondent_id LEFT JOIN folder f ON f.id = d.folder_id "
      "LEFT JOIN barcode b ON b.document_id = d.id AND b.replaced_at IS NULL "
      "LEFT JOIN serial_number n ON n.document_id = d.id "
      "LEFT JOIN record r ON r.document_id = d.id LEFT JOIN schedule s ON s.id = r.schedule_id "
      "LEFT JOIN schedule_version v ON v.schedule_id = r.schedule_id AND v.number = r.schedule_version "
      "WHERE d.id = $13",
      batch_id, kept(TombstoneField::title) && terms.keep_title, kept(TombstoneField::date), kept(TombstoneField::type),
      kept(TombstoneField::correspondent), kept(TombstoneField::folder), kept(TombstoneField::identifiers),
      kept(TombstoneField::identifiers), components.dump(), terms.executed_at,
      terms.transferred_to.empty() ? std::nullopt : std::optional(terms.transferred_to),
      kept(TombstoneField::custom_fields) ? std::optional(custom_fields_json(tx, document_id)) : std::nullopt,
      document_id);
}

}  // namespace muniment::records

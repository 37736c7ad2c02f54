#include "storage/check_outs.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/documents.h"
#include "storage/file_locks.h"
#include "storage/index_queue.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestComment = 500;

std::string checked_comment(std::string_view comment) {
  std::string clean(core::trim(core::to_nfc(comment)));
  if (clean.size() <= kLongestComment) return clean;
  const std::string right = "a comment on a check-out has at most 500 bytes";
  throw Error(ErrorCode::invalid_argument, right, {{"/comment", right}});
}

void note_change(Transaction& tx, std::int64_t document_id) {
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", document_id);
  queue_for_indexing(tx, document_id);
}

}  // namespace

std::optional<CheckOut> find_check_out(Session& session, std::int64_t document_id) {
  auto found = check_outs_between(session, document_id, document_id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.begin()->second));
}

std::map<std::int64_t, CheckOut> check_outs_between(Session& session, std::int64_t first, std::int64_t last) {
  std::map<std::int64_t, CheckOut> found;
  for (auto& [document_id, account_id, name, since, comment] :
       session.rows<std::int64_t, std::int64_t, std::string, core::Time, std::string>(
           "SELECT c.document_id, c.account_id, a.display_name, c.since, c.comment FROM check_out c JOIN account a ON "
           "a.id = c.account_id WHERE c.document_id BETWEEN $1 AND $2",
           first, last)) {
    found.emplace(document_id, CheckOut{account_id, std::move(name), since, std::move(comment)});
  }
  return found;
}

void check_out(Transaction& tx, const Principal& who, std::int64_t document_id, std::string_view comment) {
  const Document document = changeable_document(tx, who, document_id);
  if (who.is_system()) {
    throw Error(ErrorCode::invalid_argument, "a document is checked out by a person; say who, by signing in or --as");
  }
  if (document.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it to change it");
  if (document.replaced_at) throw Error(ErrorCode::conflict, "this document's pages went into others; change those");
  if (document.is_record) throw Error(ErrorCode::conflict, "this is a record: its versions are closed");
  require_not_held(document);
  require_not_restricted(tx, document_id);
  require_accepting_class(tx, document);
  require_not_locked(tx, who, document_id);
  const std::string clean = checked_comment(comment);
  const auto present = find_check_out(tx, document_id);
  if (present && present->comment == clean) return;
  tx.execute(
      "INSERT INTO check_out (document_id, account_id, since, comment) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (document_id) DO UPDATE SET comment = excluded.comment",
      document_id, who.account_id, tx.now(), clean);
  note_change(tx, document_id);
  tx.audit({"document.checked_out", "document", document_id, "", Json{{"comment", clean}}.dump()});
}

bool end_check_out(Transaction& tx, const Principal& who, std::int64_t document_id) {
  if (!find_document(tx, who, document_id)) {
    throw Error(ErrorCode::not_found, "there is no document " + std::to_string(document_id));
  }
  const auto present = find_check_out(tx, document_id);
  if (!present) return false;
  const bool own = present->account_id == who.account_id;
  if (!own && !who.may(Permission::operate)) {
    throw Error(ErrorCode::forbidden,
                present->name + " has checked this document out; only they or an administrator can end that");
  }
  tx.execute("DELETE FROM check_out WHERE document_id = $1", document_id);
  note_change(tx, document_id);
  tx.audit({own ? "document.check_out_ended" : "document.check_out_broken", "document", document_id,
            Json{{"account_id", present->account_id}, {"comment", present->comment}}.dump(), ""});
  return true;
}

void end_check_outs_of(Transaction& tx, std::int64_t account_id) {
  for (const auto& [document_id, comment] : tx.rows<std::int64_t, std::string>(
           "SELECT document_id, comment FROM check_out WHERE account_id = $1 ORDER BY document_id", account_id)) {
    tx.execute("DELETE FROM check_out WHERE document_id = $1", document_id);
    note_change(tx, document_id);
    tx.audit({"document.check_out_broken", "document", document_id,
              Json{{"account_id", account_id}, {"comment", comment}}.dump(), ""});
  }
}

}  // namespace muniment::storage
